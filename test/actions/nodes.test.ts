import { afterEach, describe, expect, it, vi } from "vitest";
import { cordon } from "../../src/actions/cordon.ts";
import { drain } from "../../src/actions/drain.ts";
import { nodeAllocatableResourcesEnricher } from "../../src/actions/node-allocatable-resources-enricher.ts";
import { nodePodsCapacityEnricher } from "../../src/actions/node-pods-capacity-enricher.ts";
import { nodeRunningPodsEnricher } from "../../src/actions/node-running-pods-enricher.ts";
import { nodeStatusEnricher } from "../../src/actions/node-status-enricher.ts";
import { uncordon } from "../../src/actions/uncordon.ts";
import { list, markdown, table } from "../../src/index.ts";
import { type FakeClusterOptions, fakeCluster, nodeEvent, runAction } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };

const node = nodeReady.metadata.name;
const crash = podCrash.metadata.name;
const hog = podOom.metadata.name;

const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name, uid: `uid-of-${name}`, controller: true }],
});
const pod = (name: string, metadata = {}, requests?: Record<string, string>, phase = "Running") => ({
  kind: "Pod",
  metadata: { name, ...metadata },
  spec: { nodeName: node, containers: [{ name: "app", ...(requests ? { resources: { requests } } : {}) }] },
  status: { phase, conditions: [{ type: "Ready", status: "True" }] },
});
const recorded = (more: FakeClusterOptions["objects"] = []) =>
  nodeEvent({ object: nodeReady, objects: [podCrash, podOom, ...more] });

describe.each([
  nodeStatusEnricher,
  nodeRunningPodsEnricher,
  nodeAllocatableResourcesEnricher,
  nodePodsCapacityEnricher,
  cordon,
  uncordon,
  drain,
])("$name", (action) => {
  it("has nothing to say where there is no node", async () => {
    expect(await runAction(action, nodeEvent({ object: null }))).toMatchObject({ findings: [], calls: [] });
  });
});

describe("node_status_enricher", () => {
  it("shows the conditions", async () => {
    const { enrichments } = await runAction(nodeStatusEnricher, recorded());
    expect(enrichments).toMatchObject([
      {
        title: `Status of node ${node}`,
        blocks: [
          {
            headers: ["condition", "status", "reason", "message", "since"],
            rows: [
              ["MemoryPressure", "False", "KubeletHasSufficientMemory", expect.any(String), expect.any(String)],
              ["DiskPressure", "False", expect.any(String), expect.any(String), expect.any(String)],
              ["PIDPressure", "False", expect.any(String), expect.any(String), expect.any(String)],
              ["Ready", "True", "KubeletReady", expect.any(String), expect.any(String)],
            ],
          },
        ],
      },
    ]);
  });

  it("says what keeps pods away", async () => {
    const taints = [
      { key: "dedicated", value: "db", effect: "NoSchedule" },
      { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
    ];
    const { blocks } = await runAction(
      nodeStatusEnricher,
      nodeEvent({ object: { spec: { unschedulable: true, taints } } }),
    );
    expect(blocks[1]).toEqual(
      list([
        "It is cordoned: no pod is scheduled on it.",
        "Taint `dedicated=db:NoSchedule`",
        "Taint `node.kubernetes.io/unreachable:NoExecute`",
      ]),
    );
  });
});

describe("node_running_pods_enricher", () => {
  it("lists the pods on the node that have not ended, and whether they are ready", async () => {
    const elsewhere = { ...pod("elsewhere"), spec: { nodeName: "another" } };
    const { blocks } = await runAction(
      nodeRunningPodsEnricher,
      recorded([pod("web"), pod("done", {}, {}, "Succeeded"), elsewhere]),
    );
    const rows = [
      ["shop", crash, "False"],
      ["shop", hog, "False"],
      ["shop", "web", "True"],
    ];
    expect(blocks).toEqual([table(["namespace", "name", "ready"], rows)]);
  });

  it("says so where there are none", async () => {
    const { blocks } = await runAction(nodeRunningPodsEnricher, nodeEvent());
    expect(blocks).toEqual([markdown("_No pod runs on the node._")]);
  });
});

describe("node_allocatable_resources_enricher", () => {
  it("shows what the node has and what is asked for", async () => {
    const event = recorded([
      pod("web", {}, { cpu: "250m", memory: "512Mi" }),
      pod("api", {}, { cpu: "0.25", memory: "1Gi" }),
    ]);
    const { blocks } = await runAction(nodeAllocatableResourcesEnricher, event);
    const [shown] = blocks;
    if (shown?.type !== "table") throw new Error("there is no table");
    const { cpu, memory, pods } = nodeReady.status.allocatable;
    expect([cpu, memory, pods]).toEqual(["2", "24581692Ki", "110"]);
    expect(Object.fromEntries(shown.rows.map(([resource, ...rest]) => [resource, rest]))).toEqual({
      cpu: ["2", "2", "0.5 (25%)"],
      "ephemeral-storage": ["252Gi", "249.5Gi", "0 (0%)"],
      memory: ["23.5Gi", "23.4Gi", expect.stringMatching(/^1\.5Gi \(6%\)$/)],
      pods: ["110", "110", "4 (4%)"],
    });
  });

  it("counts init containers, sidecars and overhead as the scheduler does", async () => {
    const requests = (cpu: string) => ({ resources: { requests: { cpu } } });
    const spec = {
      nodeName: "node-1",
      overhead: { cpu: "100m" },
      initContainers: [
        { name: "migrate", ...requests("900m") },
        { name: "proxy", restartPolicy: "Always", ...requests("200m") },
      ],
      containers: [{ name: "app", ...requests("300m") }, { name: "side" }],
    };
    const object = { status: { allocatable: { cpu: "2400m" } } };
    const event = nodeEvent({ object, objects: [{ kind: "Pod", spec, status: { phase: "Running" } }] });
    const { blocks } = await runAction(nodeAllocatableResourcesEnricher, event);
    expect(blocks).toMatchObject([{ rows: [["cpu", "", "2400m", "1.2 (50%)"]] }]);
  });
});

describe("node_pods_capacity_enricher", () => {
  it("says how full the node is", async () => {
    const { blocks } = await runAction(
      nodePodsCapacityEnricher,
      recorded([pod("web", {}, { cpu: "1", memory: "1Gi" })]),
    );
    expect(blocks).toEqual([
      list([
        "Pods on the node: 3 of at most 110 (3%)",
        "Pods with a container that asks for no CPU: 2",
        expect.stringMatching(/^Pods with a container that asks for no memory: \d$/),
      ]),
    ]);
  });
});

describe("cordon and uncordon", () => {
  it.each([
    [cordon, undefined, "Cordoned the node *node-1*.", true, 1],
    [cordon, true, "The node *node-1* was cordoned already.", true, 0],
    [uncordon, true, "Uncordoned the node *node-1*.", undefined, 1],
    [uncordon, undefined, "The node *node-1* was not cordoned.", undefined, 0],
  ])("%o of a node that is unschedulable: %s", async (action, before, text, after, writes) => {
    const cluster = fakeCluster();
    const event = nodeEvent({ object: { spec: before ? { unschedulable: before } : {} }, cluster });
    const { blocks, calls } = await runAction(action, event);
    expect(blocks).toEqual([markdown(text)]);
    expect(calls.filter(({ verb }) => verb === "patch")).toHaveLength(writes);
    expect((await cluster.get("Node", "node-1"))?.spec?.unschedulable).toBe(after);
  });
});

describe("drain", () => {
  const daemon = pod("agent", owned("DaemonSet", "agent"));
  const mirror = pod("etcd", { annotations: { "kubernetes.io/config.mirror": "0123" } });
  const objects = [pod("web", owned("ReplicaSet", "web-1")), pod("bare"), daemon, mirror];
  const evictions = (calls: readonly { resource: string; name?: string }[]) =>
    calls.filter(({ resource }) => resource === "pods/eviction").map(({ name }) => name);
  const rowsOf = (blocks: readonly object[]) => blocks.flatMap((block) => ("rows" in block ? block.rows : []));
  afterEach(() => vi.useRealTimers());

  it("cordons, evicts what can be, and skips the pods of DaemonSets and of the node itself", async () => {
    const cluster = fakeCluster({ objects });
    const { blocks, calls } = await runAction(drain, nodeEvent({ object: nodeReady, cluster }));
    expect((await cluster.get("Node", node))?.spec?.unschedulable).toBe(true);
    expect(evictions(calls)).toEqual(["bare", "web"]);
    expect(blocks[0]).toEqual(markdown(`The node *${node}* is cordoned and is drained.`));
    expect(rowsOf(blocks)).toEqual([
      ["shop", "bare", "evicted", "nothing controls it, so no new one is made"],
      ["shop", "web", "evicted", ""],
      ["shop", "agent", "skipped", "it is of the DaemonSet agent"],
      ["shop", "etcd", "skipped", "it is a static pod of the node"],
    ]);
  });

  it("comes back to what a disruption budget holds back", async () => {
    vi.useFakeTimers();
    let refusals = 0;
    const refuse = ({ resource, name }: { resource: string; name?: string }) =>
      resource === "pods/eviction" && name === "web" && ++refusals < 3 ? { code: 429 } : undefined;
    const running = runAction(drain, nodeEvent({ object: nodeReady, cluster: fakeCluster({ objects, refuse }) }));
    await vi.advanceTimersByTimeAsync(15_000);
    const { blocks, calls } = await running;
    expect(evictions(calls)).toEqual(["bare", "web", "web", "web"]);
    expect(blocks[0]).toEqual(markdown(`The node *${node}* is cordoned and is drained.`));
  });

  it.each([
    ["a budget that never lets go", 429, "a disruption budget does not let it go", 600_000],
    ["a cluster that cannot", 500, "the cluster could not evict it (500)", 600_000],
    ["a namespace in which it may not", 403, "Cortado may not evict pods in its namespace", 5_000],
  ])("says what is left, of %s, and fails", async (_, code, why, time) => {
    vi.useFakeTimers();
    const refuse = ({ resource, name }: { resource: string; name?: string }) =>
      resource === "pods/eviction" && name === "web" ? { code } : undefined;
    const said: unknown[] = [];
    const recording = {
      ...drain,
      run: (...given: Parameters<typeof drain.run>) => {
        const [event, params, context] = given;
        const addEnrichment: typeof event.addEnrichment = (blocks) => said.push(...blocks);
        return drain.run({ ...event, addEnrichment }, params, context);
      },
    };
    const running = runAction(recording, nodeEvent({ object: nodeReady, cluster: fakeCluster({ objects, refuse }) }));
    const failed = expect(running).rejects.toThrow(
      code === 403 ? "is not drained; 1 left" : "did not return within 600 s",
    );
    await vi.advanceTimersByTimeAsync(time);
    await failed;
    expect(said[0]).toEqual(markdown(`The node *${node}* is cordoned and is *not drained*: 1 of its pods are left.`));
    expect(rowsOf(said.map(Object))[0]).toEqual(["shop", "web", "left", why]);
  });

  it("leaves a new pod of an evicted one's name alone", async () => {
    const refuse = ({ resource, name }: { resource: string; name?: string }) =>
      resource === "pods/eviction" && name === "web" ? { code: 409 } : undefined;
    const { blocks } = await runAction(
      drain,
      nodeEvent({ object: nodeReady, cluster: fakeCluster({ objects, refuse }) }),
    );
    expect(rowsOf(blocks)).not.toContainEqual(expect.arrayContaining(["web"]));
  });
});
