/** What the fake cluster answers must be what the cluster port says. */
import { describe, expect, it, vi } from "vitest";
import { fakeCluster } from "../../src/testing.ts";
import { dryRuns } from "../conformance/dry-run.ts";

const refusal = (code: number, reason: string) => expect.objectContaining({ name: "ClusterError", code, reason });

describe("the fake cluster", () => {
  const pod = (name: string, labels: Record<string, string> = {}) => ({ kind: "Pod", metadata: { name, labels } });
  const make = (options: Parameters<typeof fakeCluster>[0] = {}) =>
    fakeCluster({ objects: [pod("b", { app: "web", tier: "front" }), pod("a", { app: "api" })], ...options });

  it("reads objects as JSON of their own, with their members", async () => {
    const cluster = make({ logs: "hello" });
    const found = await cluster.get("Pod", "a", "shop");
    expect(found).toMatchObject({ kind: "Pod", apiVersion: "v1", metadata: { name: "a", namespace: "shop" } });
    expect(Object.keys(found ?? {})).not.toContain("logs");
    expect(await found?.logs()).toBe("hello");
    if (found) found.metadata.name = "changed";
    expect((await cluster.get("Pod", "a", "shop"))?.metadata.name).toBe("a");
    expect(await cluster.get("Pod", "a", "elsewhere")).toBeUndefined();
    expect(cluster.calls.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
  });

  it("refuses objects of kinds that are not known", () => {
    expect(() => fakeCluster({ objects: [{ kind: "pod" }] })).toThrow('an object has the kind "pod"');
  });

  it.each([
    [{}, ["a", "b"]],
    [{ namespace: "elsewhere" }, []],
    [{ limit: 1 }, ["a"]],
    [{ labelSelector: "app=web" }, ["b"]],
    [{ labelSelector: "app==web,tier" }, ["b"]],
    [{ labelSelector: "app!=web" }, ["a"]],
    [{ labelSelector: "app in (web, api),!tier" }, ["a"]],
    [{ labelSelector: "tier notin (front)" }, ["a"]],
    [{ fieldSelector: "metadata.name=b,spec.nodeName!=x" }, ["b"]],
    [{ fieldSelector: "spec.missing=" }, ["a", "b"]],
  ])("lists by %o", async (options, names) => {
    const pods = await make().list("Pod", options);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it("refuses a selector that is none", async () => {
    await expect(make().list("Pod", { labelSelector: "a b c" })).rejects.toEqual(refusal(400, "BadRequest"));
  });

  it("creates, and refuses a second of the name", async () => {
    const cluster = make();
    const made = await cluster.create("Secret", { metadata: { name: "s", namespace: "shop" }, data: { a: "b" } });
    expect(made).toMatchObject({ kind: "Secret", data: { a: "b" }, metadata: { resourceVersion: "1" } });
    const again = cluster.create("Secret", { metadata: { name: "s", namespace: "shop" } });
    await expect(again).rejects.toEqual(refusal(409, "AlreadyExists"));
    const named = await cluster.create("Secret", { metadata: { generateName: "s-" } });
    expect(named.metadata).toMatchObject({ name: expect.stringMatching(/^s-.{5}$/), namespace: "default" });
  });

  it("updates, unless somebody was faster", async () => {
    const cluster = make({ objects: [{ kind: "Deployment", metadata: { name: "d" }, spec: { replicas: 1 } }] });
    const first = await cluster.get("Deployment", "d", "shop");
    if (first === undefined) throw new Error("there is no d");
    const second = await cluster.update("Deployment", Object.assign(first, { spec: { replicas: 2 } }));
    const metadata = { resourceVersion: "2", uid: first.metadata.uid };
    expect(second).toMatchObject({ spec: { replicas: 2 }, metadata });
    await expect(cluster.update("Deployment", first)).rejects.toEqual(refusal(409, "Conflict"));
    const lost = cluster.update("Deployment", { metadata: { name: "gone" } });
    await expect(lost).rejects.toEqual(refusal(404, "NotFound"));
  });

  it("patches by merge and by operations, all or none", async () => {
    const cluster = make();
    const patch = { metadata: { labels: { app: null, new: "yes" } } };
    const merged = await cluster.patch("Pod", "b", "shop", { type: "merge", patch });
    expect(merged.metadata.labels).toEqual({ tier: "front", new: "yes" });
    const operations = [
      { op: "test", path: "/metadata/labels/tier", value: "front" },
      { op: "replace", path: "/metadata/labels/tier", value: "back" },
      { op: "add", path: "/metadata/labels/a~1b", value: "c" },
      { op: "add", path: "/spec/containers/-", value: { name: "side" } },
      { op: "remove", path: "/metadata/labels/new" },
    ];
    const patched = await cluster.patch("Pod", "b", "shop", { type: "json", patch: operations });
    expect(patched.metadata.labels).toEqual({ tier: "back", "a/b": "c" });
    expect(patched.spec?.containers.map(({ name }) => name)).toEqual(["app", "side"]);
    const again = cluster.patch("Pod", "b", "shop", { type: "json", patch: operations });
    await expect(again).rejects.toEqual(refusal(422, "Invalid"));
    const lost = cluster.patch("Pod", "gone", "shop", { type: "merge", patch });
    await expect(lost).rejects.toEqual(refusal(404, "NotFound"));
  });

  it("deletes once, and only the object that is meant", async () => {
    const cluster = make();
    await expect(cluster.delete("Pod", "a", "shop", { uid: "another" })).rejects.toEqual(refusal(409, "Conflict"));
    expect(await cluster.delete("Pod", "a", "shop", { uid: "uid-of-pod-a" })).toBe(true);
    expect(await cluster.delete("Pod", "a", "shop")).toBe(false);
  });

  it("evicts once, and only the pod that is meant", async () => {
    const cluster = make();
    await expect(cluster.evict("shop", "a", { uid: "another" })).rejects.toEqual(refusal(409, "Conflict"));
    expect(await cluster.evict("shop", "a", { uid: "uid-of-pod-a" })).toBe(true);
    expect(await cluster.evict("shop", "a")).toBe(false);
    expect(cluster.calls.map(({ verb, resource, status }) => [verb, resource, status])).toEqual([
      ["create", "pods/eviction", 409],
      ["create", "pods/eviction", 201],
      ["create", "pods/eviction", 404],
    ]);
  });

  it.each<[string, Parameters<ReturnType<typeof fakeCluster>["logs"]>[2], string | undefined]>([
    ["of the first container", {}, "1\n2\n3\n"],
    ["of the one named", { container: "side" }, "side"],
    ["the last lines", { tailLines: 2 }, "2\n3\n"],
    ["the last bytes, in whole lines", { limitBytes: 5 }, "2\n3\n"],
    ["of the run before", { container: "side", previous: true }, "side before"],
    ["none of a run that was not", { container: "new", previous: true }, undefined],
    ["an empty one", { container: "new" }, ""],
  ])("gives the log %s", async (_, options, text) => {
    const logs = { app: { current: "1\n2\n3\n" }, side: { current: "side", previous: "side before" } };
    const spec = { containers: [{ name: "app" }, { name: "side" }, { name: "new" }] };
    const cluster = fakeCluster({ objects: [{ ...pod("c"), spec }], logs });
    expect(await cluster.logs("shop", "c", options)).toBe(text);
  });

  it("gives no log of a pod that is gone, and refuses a container that cannot be", async () => {
    expect(await make({ logs: "x" }).logs("shop", "gone")).toBeUndefined();
    await expect(make().logs("shop", "a", { container: "x" })).rejects.toEqual(refusal(400, "BadRequest"));
  });

  it("answers commands from a text, a result, or a function", async () => {
    const shell = await make({ exec: "out" }).exec("shop", "a", ["sh", "-c", "ls"]);
    expect(shell).toEqual({ stdout: "out", stderr: "", output: "out", exitCode: 0 });
    const failed = await make({ exec: { stdout: "a", stderr: "b", exitCode: 3 } }).exec("shop", "a", ["false"]);
    expect(failed).toEqual({ stdout: "a", stderr: "b", output: "ab", exitCode: 3 });
    const asked: string[] = [];
    const exec = (command: string, { container }: { container: string }) =>
      String(asked.push(`${container}: ${command}`));
    const cluster = make({ exec });
    await cluster.exec("shop", "a", ["sh", "-c", "ps aux"]);
    await cluster.exec("shop", "a", ["echo", "a  b"]);
    expect(asked).toEqual(["app: ps aux", "app: echo a  b"]);
    expect(cluster.commands).toEqual([
      ["sh", "-c", "ps aux"],
      ["echo", "a  b"],
    ]);
  });

  it("runs nothing where there is no pod, no such container, or no answer", async () => {
    await expect(make().exec("shop", "gone", ["ls"])).rejects.toEqual(refusal(404, "NotFound"));
    await expect(make().exec("shop", "a", ["ls"], { container: "x" })).rejects.toEqual(refusal(400, "BadRequest"));
    await expect(make().exec("shop", "a", ["ls"])).rejects.toThrow("nothing says what `ls` answers in the pod a");
  });

  it("gives up a command at its timeout, and any call at its signal", async () => {
    const cluster = make({ exec: () => new Promise<string>(() => {}) });
    vi.useFakeTimers();
    const timedOut = expect(cluster.exec("shop", "a", ["sleep"], { timeoutSeconds: 2 })).rejects.toEqual(
      refusal(0, "Timeout"),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    await timedOut;
    const aborting = new AbortController();
    const aborted = expect(cluster.within({ signal: aborting.signal }).exec("shop", "a", ["sleep"])).rejects.toThrow(
      "enough",
    );
    aborting.abort(new Error("enough"));
    await aborted;
    await expect(cluster.within({ signal: aborting.signal }).get("Pod", "a", "shop")).rejects.toThrow("enough");
  });

  it("refuses what it is told to refuse", async () => {
    const refuse = ({ resource }: { resource: string }) =>
      resource === "nodes" ? { code: 403, message: "no" } : undefined;
    const cluster = make({ refuse });
    await expect(cluster.list("Node")).rejects.toEqual(refusal(403, "Forbidden"));
    expect(await cluster.list("Pod")).toHaveLength(2);
    expect(await cluster.provider()).toBe("Unknown");
  });
});

describe("a fake cluster", () => {
  const cluster = fakeCluster();
  dryRuns(() => ({ cluster, namespace: "shop" }));
});
