/** The test kit, as an author sees it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import {
  action,
  DeploymentEvent,
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

  it("tries in a dry run what an action does, and says what it would have done", async () => {
    const cordon = action({
      name: "cordon_it",
      on: NodeEvent,
      async run(event, _params, { dryRun }) {
        const node = await event.getNode();
        const patch = { spec: { unschedulable: true } };
        await event.cluster.patch("Node", node?.metadata.name ?? "", undefined, { type: "merge", patch });
        event.addEnrichment([markdown(`dry: ${dryRun}`)]);
      },
    });
    const event = nodeEvent({});
    const { blocks, effects } = await runAction(cordon, event, {}, { dryRun: true });
    expect(blocks).toEqual([markdown("dry: true")]);
    const changes = [expect.objectContaining({ after: expect.anything() })];
    expect(effects).toEqual([{ verb: "patch", resource: "nodes", name: "node-1", changes }]);
    expect((await event.cluster.get("Node", "node-1"))?.spec?.unschedulable).toBeUndefined();
    expect((await runAction(cordon, event)).effects).toEqual([]);
    expect((await event.cluster.get("Node", "node-1"))?.spec?.unschedulable).toBe(true);
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
    const run = runAction(bash, resourceEvent("Secret"), { bash_command: "ls" });
    await expect(run).rejects.toThrow("bash takes a PodEvent, not a SecretChangeEvent");
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
    expect(() => resourceEvent("Secret", { object: null })).toThrow("alerts name no Secret");
  });
});
