/** The test kit, as an author sees it: what it answers must be what the real cluster and the real limiter answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import {
  action,
  DeploymentEvent,
  ExecutionBaseEvent,
  markdown,
  NodeEvent,
  PodEvent,
  PrometheusKubernetesAlert,
  ReplicaSetEvent,
} from "../src/index.ts";
import {
  alertEvent,
  changeEvent,
  deploymentEvent,
  fakeCluster,
  fakeRateLimiters,
  nodeEvent,
  podEvent,
  resourceEvent,
  runAction,
} from "../src/testing.ts";

const bash = action({
  name: "bash",
  on: PodEvent,
  params: z.strictObject({ bash_command: z.string(), times: z.int().default(1) }),
  async run(event, { bash_command }) {
    const pod = await event.getPod();
    if (pod) event.addEnrichment([markdown((await pod.exec(bash_command)).output)]);
  },
});

const refusal = (code: number, reason: string) => expect.objectContaining({ name: "ClusterError", code, reason });

describe("runAction", () => {
  it("tests an action in five lines", async () => {
    const event = podEvent({ exec: async (command) => `ran ${command}` });
    const { blocks } = await runAction(bash, event, { bash_command: "ls" });
    expect(blocks).toEqual([markdown("ran ls")]);
  });

  it("gives everything that the action did", async () => {
    const busy = action({
      name: "busy",
      on: PrometheusKubernetesAlert,
      async run(event, _params, { log, clusterName }) {
        log.info("working", { clusterName });
        await (await event.getPod())?.node();
        event.addEnrichment([markdown("a")], { title: "A" });
        event.addFinding({ title: "Own", aggregationKey: "K" });
        event.addEnrichment([markdown("b")]);
        event.addLink({ name: "L", url: "https://l" });
        event.stopProcessing();
      },
    });
    const run = await runAction(busy, alertEvent({ pod: {}, node: {}, name: "east" }));
    expect(run).toMatchObject({
      findings: [{ title: "TestAlert" }, { title: "Own", cluster: "east" }],
      enrichments: [{ title: "A", blocks: [markdown("a")] }, { blocks: [markdown("b")] }],
      blocks: [markdown("a"), markdown("b")],
      links: [{ name: "L", url: "https://l" }],
      stopped: true,
      log: [{ level: "info", message: "working", fields: { clusterName: "east" } }],
      calls: [{ verb: "get", resource: "nodes", name: "node-1", status: 200 }],
    });
  });

  it("refuses params in the words of the loader, and fills in defaults", async () => {
    const wrong = JSON.parse('{ "bash_comand": "ls" }');
    const run = runAction(bash, podEvent(), wrong);
    await expect(run).rejects.toMatchObject({
      name: "ConfigurationError",
      problems: [
        { message: "bash needs `bash_command`, a string." },
        { message: "bash has no `bash_comand`; did you mean `bash_command`?" },
      ],
    });
  });

  it("throws what the action throws", async () => {
    const mine = new RangeError("mine");
    const throwing = action({
      name: "throwing",
      on: PodEvent,
      run: () => {
        throw mine;
      },
    });
    await expect(runAction(throwing, podEvent())).rejects.toBe(mine);
  });

  it("refuses an event that the action does not take", async () => {
    // @ts-expect-error the compiler refuses it, too
    const run = runAction(bash, resourceEvent("ReplicaSet"), { bash_command: "ls" });
    await expect(run).rejects.toThrow("bash takes a PodEvent, not a ReplicaSetChangeEvent");
  });

  describe("with an action that does not return", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it("throws an ActionTimeoutError", async () => {
      const hanging = action({ name: "hanging", on: PodEvent, timeout: 5, run: () => new Promise<void>(() => {}) });
      const rejected = expect(runAction(hanging, podEvent())).rejects.toMatchObject({ name: "ActionTimeoutError" });
      await vi.advanceTimersByTimeAsync(10_000);
      await rejected;
    });
  });

  it("throws the reason of a signal that aborted before", async () => {
    const signal = AbortSignal.abort(new Error("over"));
    await expect(runAction(bash, podEvent(), { bash_command: "ls" }, { signal })).rejects.toThrow("over");
  });
});

describe("the makers of events", () => {
  it("bring the object, its events and its node", async () => {
    const looking = action({
      name: "looking",
      on: PodEvent,
      async run(event) {
        const pod = await event.getPod();
        const events = (await pod?.events())?.map(({ reason, message }) => `${reason}: ${message}`) ?? [];
        const node = await pod?.node();
        event.addEnrichment([markdown([pod?.metadata.name, node?.metadata.name, ...events].join(" "))]);
      },
    });
    const events = [
      { reason: "BackOff", message: "late", lastTimestamp: "2026-01-01T00:00:02Z" },
      { reason: "Pulled", message: "early", lastTimestamp: "2026-01-01T00:00:01Z" },
    ];
    const node = { metadata: { name: "worker-7" } };
    const { blocks } = await runAction(looking, podEvent({ pod: { metadata: { name: "api" } }, node, events }));
    expect(blocks).toEqual([markdown("api worker-7 Pulled: early BackOff: late")]);
  });

  it("give nothing where the object is gone, and the finding names it", async () => {
    const { blocks } = await runAction(bash, podEvent({ pod: null }), { bash_command: "ls" });
    expect(blocks).toEqual([]);
    const silent = action({ name: "silent", on: PodEvent, run: (event) => event.addEnrichment([]) });
    const { findings } = await runAction(silent, podEvent({ pod: null }));
    expect(findings[0]?.notes).toEqual([
      "Pod shop/checkout-pod is named by the alert but does not exist in the cluster.",
    ]);
  });

  it("exist for every kind", async () => {
    const names: (string | undefined)[] = [];
    const node = action({
      name: "n",
      on: NodeEvent,
      run: async (event) => void names.push((await event.getNode())?.kind),
    });
    const deployment = action({
      name: "d",
      on: DeploymentEvent,
      run: async (event) => void names.push((await event.getDeployment())?.kind),
    });
    const replicaSet = action({
      name: "r",
      on: ReplicaSetEvent,
      run: async (event) => void names.push((await event.getReplicaSet())?.kind),
    });
    await runAction(node, nodeEvent());
    await runAction(deployment, deploymentEvent());
    await runAction(deployment, changeEvent("Deployment", { operation: "create" }));
    await runAction(replicaSet, resourceEvent("ReplicaSet"));
    expect(names).toEqual(["Node", "Deployment", "Deployment", "ReplicaSet"]);
    expect(() => resourceEvent("ReplicaSet", { object: null })).toThrow("alerts name no ReplicaSet");
  });
});

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

describe("the fake rate limiter", () => {
  const at = (start = 0) => {
    const clock = { now: start };
    const limiters = fakeRateLimiters({ now: () => clock.now });
    const of = (call: string, cluster = "test") => limiters.for({ cluster, call, resumed: false });
    return { clock, limiters, of };
  };

  it("says yes once in the time, counted from the last yes", async () => {
    const { clock, of } = at();
    const answers: boolean[] = [];
    for (const [run, now] of [0, 59_999, 60_000, 119_999, 120_000].entries()) {
      clock.now = now;
      answers.push(await of(`run-${run}`).markAndTest("sync", "shop", 60));
    }
    expect(answers).toEqual([true, false, true, false, true]);
  });

  it("answers a second attempt as the first, and a second call in an attempt on its own", async () => {
    const { of } = at();
    const first = of("run");
    expect([await first.markAndTest("a", "b", 60), await first.markAndTest("a", "b", 60)]).toEqual([true, false]);
    const second = of("run");
    expect([await second.markAndTest("a", "b", 60), await second.markAndTest("a", "b", 60)]).toEqual([true, false]);
    expect(await of("other").markAndTest("a", "b", 60)).toBe(false);
  });

  it("keeps operations, ids and clusters apart, unless it is asked for all clusters", async () => {
    const { of } = at();
    expect(await of("1").markAndTest("a", "bc", 60)).toBe(true);
    expect(await of("2").markAndTest("ab", "c", 60)).toBe(true);
    expect(await of("3", "east").markAndTest("a", "bc", 60)).toBe(true);
    expect(await of("4").markAndTest("a", "bc", 60, { scope: "global" })).toBe(true);
    expect(await of("5", "east").markAndTest("a", "bc", 60, { scope: "global" })).toBe(false);
  });

  it("takes back its own marks only", async () => {
    const { of } = at();
    const owner = of("1");
    await owner.markAndTest("a", "b", 60);
    await of("2").refund("a", "b");
    expect(await of("3").markAndTest("a", "b", 60)).toBe(false);
    await owner.refund("a", "b");
    expect(await of("4").markAndTest("a", "b", 60)).toBe(true);
  });

  it("asks the caller what an outage means, and refuses times that are none", async () => {
    const limiter = fakeRateLimiters({ away: () => true }).for({ cluster: "test", call: "1", resumed: false });
    await expect(limiter.markAndTest("a", "b", 60)).rejects.toMatchObject({ name: "UnavailableError" });
    expect(await limiter.markAndTest("a", "b", 60, { onOutage: "allow" })).toBe(true);
    expect(await limiter.markAndTest("a", "b", 60, { onOutage: "deny" })).toBe(false);
    for (const seconds of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(limiter.markAndTest("a", "b", seconds)).rejects.toThrow(TypeError);
    }
  });

  it("counts across runs that share it", async () => {
    const rateLimiters = fakeRateLimiters();
    const limited = action({
      name: "limited",
      on: ExecutionBaseEvent,
      async run(event, _params, { rateLimiter }) {
        if (await rateLimiter.markAndTest("a", "b", 60)) event.addEnrichment([markdown("went on")]);
      },
    });
    const run = async (options = {}) =>
      (await runAction(limited, alertEvent(), {}, { rateLimiters, ...options })).blocks.length;
    expect([await run({ run: "r" }), await run(), await run({ run: "r" })]).toEqual([1, 0, 1]);
    expect(rateLimiters.asked.map(({ allowed }) => allowed)).toEqual([true, false, true]);
  });
});
