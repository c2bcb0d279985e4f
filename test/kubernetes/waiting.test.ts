/** Waiting for pods and deployments, in a cluster that a test changes meanwhile; time is the test's. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { notYet, pause, waitFor, waitForDeploymentReady, waitForPod, waitForPodReady } from "../../src/index.ts";
import { fakeCluster } from "../../src/testing.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { signal } = new AbortController();
const meta = (name: string, more = {}) => ({ name, namespace: "shop", ...more });
const inVain = (message: string | RegExp) =>
  expect.objectContaining({ name: "ClusterError", message: expect.stringMatching(message) });

describe("waitFor", () => {
  it("looks soon and then ever less often, until there is something to see", async () => {
    const begun = Date.now();
    const looks: number[] = [];
    const found = waitFor(
      "the fifth look",
      async () => {
        looks.push(Date.now() - begun);
        return looks.length === 6 && { looks };
      },
      { signal, everySeconds: 1 },
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await found).toEqual({ looks: [0, 250, 750, 1750, 2750, 3750] });
  });

  it.each([
    [undefined, "Waited 3 s in vain for the rain."],
    [false, "Waited 3 s in vain for the rain."],
    [notYet("clouds"), "Waited 3 s in vain for the rain; the last that was seen: clouds."],
  ])("gives up with what was seen last: %o", async (seen, message) => {
    const waiting = waitFor("the rain", async () => seen, { signal, timeoutSeconds: 3 });
    const given = expect(waiting).rejects.toEqual(inVain(message));
    await vi.advanceTimersByTimeAsync(3_000);
    await given;
  });

  it("takes what is falsy for found, where it is not undefined or false", async () => {
    expect(await waitFor("zero", async () => 0, { signal })).toBe(0);
    expect(await waitFor("nothing", async () => null, { signal })).toBe(null);
  });

  it("ends with its signal, and with what looking throws", async () => {
    const aborting = new AbortController();
    const waiting = waitFor("the end", async () => false, { signal: aborting.signal });
    const ended = expect(waiting).rejects.toThrow("enough");
    await vi.advanceTimersByTimeAsync(100);
    aborting.abort(new Error("enough"));
    await ended;
    await expect(pause(1, aborting.signal)).rejects.toThrow("enough");
    const failing = waitFor("nothing", () => Promise.reject(new Error("blind")), { signal });
    await expect(failing).rejects.toThrow("blind");
  });
});

describe("waitForPod and waitForPodReady", () => {
  const pod = (phase: string, ready = false, uid = "one") => ({
    kind: "Pod",
    metadata: meta("web", { uid }),
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  });

  it("return the pod as soon as it is so", async () => {
    const cluster = fakeCluster();
    const running = waitForPod(cluster, { metadata: meta("web") }, "Running", { signal });
    const ready = waitForPodReady(cluster, { metadata: meta("web") }, { signal });
    await vi.advanceTimersByTimeAsync(1_000);
    cluster.put(pod("Pending"));
    await vi.advanceTimersByTimeAsync(1_000);
    cluster.put(pod("Running"));
    expect(await Promise.race([running, vi.advanceTimersByTimeAsync(5_000)])).toMatchObject({
      status: { phase: "Running" },
    });
    cluster.put(pod("Running", true));
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await ready).status?.conditions?.[0]?.status).toBe("True");
  });

  it.each([
    ["there is none", [], /in vain for the pod shop\/web to be ready; the last that was seen: there is no such pod/],
    ["it does not come up", [pod("Pending")], /the last that was seen: phase Pending\./],
    [
      "it has ended",
      [pod("Failed")],
      /Nothing is to be waited for: the pod shop\/web to be ready; it has ended: phase Failed/,
    ],
  ])("say so where %s", async (_, objects, message) => {
    const given = expect(
      waitForPodReady(fakeCluster({ objects }), { metadata: meta("web") }, { signal, timeoutSeconds: 5 }),
    ).rejects.toEqual(inVain(message));
    await vi.advanceTimersByTimeAsync(5_000);
    await given;
  });

  it("wait for no other pod of the name", async () => {
    const cluster = fakeCluster({ objects: [pod("Running", true, "two")] });
    const waiting = waitForPod(cluster, { metadata: meta("web", { uid: "one" }) }, ["Running", "Failed"], { signal });
    await expect(waiting).rejects.toMatchObject({ code: 404, message: "The pod shop/web is gone." });
  });
});

describe("waitForDeploymentReady", () => {
  const deployment = (status: object, generation = 2) => ({
    kind: "Deployment",
    metadata: meta("web", { generation }),
    spec: { replicas: 2 },
    status: { observedGeneration: 2, ...status },
  });
  const all = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

  it("returns it once all its replicas are new and available", async () => {
    const cluster = fakeCluster({ objects: [deployment(all)] });
    const found = await waitForDeploymentReady(cluster, { metadata: meta("web") }, { signal });
    expect(found.status).toMatchObject(all);
  });

  it.each([
    [deployment(all, 3), /its controller has not seen the last change/],
    [deployment({ ...all, updatedReplicas: 1 }), /1 of 2 replicas are updated/],
    [deployment({ ...all, replicas: 3 }), /1 old replicas are left/],
    [deployment({ ...all, availableReplicas: 0 }), /0 of 2 replicas are available/],
    [
      deployment({ conditions: [{ reason: "ProgressDeadlineExceeded", message: "web has timed out" }] }),
      /Nothing is .*; web has timed out/,
    ],
  ])("of %o, says what is missing", async (object, message) => {
    const waiting = waitForDeploymentReady(
      fakeCluster({ objects: [object] }),
      { metadata: meta("web") },
      { signal, timeoutSeconds: 1 },
    );
    const given = expect(waiting).rejects.toEqual(inVain(message));
    await vi.advanceTimersByTimeAsync(1_000);
    await given;
  });
});
