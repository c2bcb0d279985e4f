import { describe, expect, it } from "vitest";
import { cpuOvercommitedEnricher } from "../../src/actions/cpu-overcommited-enricher.ts";
import { memoryOvercommitedEnricher } from "../../src/actions/memory-overcommited-enricher.ts";
import { nodeCpuEnricher } from "../../src/actions/node-cpu-enricher.ts";
import type { Sample } from "../../src/index.ts";
import { alertEvent, fakePrometheus, nodeEvent, runAction } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };

const sample = (value: number, labels: Sample["labels"] = {}): Sample => ({ labels, at: 0, value });

describe("node_cpu_enricher", () => {
  const node = { ...nodeReady, status: { ...nodeReady.status, capacity: { ...nodeReady.status.capacity, cpu: "4" } } };
  const pod = (name: string, cpu?: string) => ({
    kind: "Pod",
    metadata: { name, namespace: "shop" },
    spec: { nodeName: "node-1", containers: [{ name: "c", ...(cpu ? { resources: { requests: { cpu } } } : {}) }] },
    status: { phase: "Running" },
  });
  const used = (name: string, cores: number) => sample(cores, { namespace: "shop", pod: name });
  const analyse = (ofNode: readonly Sample[], ofPods: readonly Sample[]) => {
    const prometheus = fakePrometheus({ query: (promql) => (promql.startsWith("1 - ") ? ofNode : ofPods) });
    const event = nodeEvent({ object: node, objects: [pod("busy", "250m"), pod("calm"), pod("idle", "1")] });
    return { prometheus, run: runAction(nodeCpuEnricher, event, {}, { prometheus }) };
  };

  it("shows what is used, by what, and what pods use and request: those that use most first", async () => {
    const { prometheus, run } = analyse(
      [sample(0.9)],
      [used("calm", 0.5), used("busy", 2.5), used("idle", 0.001), used("gone", 0.04)],
    );
    expect((await run).enrichments).toEqual([
      {
        title: "CPU of node node-1",
        blocks: [
          {
            type: "list",
            items: ["Used on the node: 90% of 4 cores", "Used by containers: 76%", "Used by all else: 14%"],
          },
          {
            type: "table",
            headers: ["pod", "of the node", "cores used", "cores requested"],
            rows: [
              ["shop/busy", "63%", "2.5", "0.25"],
              ["shop/calm", "13%", "0.5", "0"],
              ["shop/gone", "1%", "0.04", ""],
            ],
          },
          { type: "markdown", text: expect.stringContaining("request less than they use") },
        ],
      },
    ]);
    const mode = (name: string) =>
      `avg by (instance) (rate(node_cpu_seconds_total{mode="${name}", instance=~"node-1|10\\\\.244\\\\.255\\\\.1:.*"}[5m]))`;
    expect(prometheus.asked.map(({ promql }) => promql)).toEqual([
      `1 - ${mode("idle")} - ${mode("iowait")}`,
      `sum(rate(container_cpu_usage_seconds_total{node="node-1",pod!="",image!=""}[5m])) by (namespace, pod)`,
    ]);
  });

  it("says what Prometheus does not know", async () => {
    expect((await analyse([], []).run).blocks).toMatchObject([
      {
        type: "list",
        items: ["Used on the node: unknown to Prometheus of 4 cores", "Used by containers: unknown to Prometheus"],
      },
      { type: "markdown" },
    ]);
  });

  it("asks nothing where there is no node", async () => {
    expect((await runAction(nodeCpuEnricher, nodeEvent({ object: null }))).findings).toEqual([]);
  });
});

describe.each([
  ["cpu_overcommited_enricher", cpuOvercommitedEnricher, "cpu", [7.5, 8], "7.5 of 8 allocatable (94%)"],
  [
    "memory_overcommited_enricher",
    memoryOvercommitedEnricher,
    "memory",
    [3 * 2 ** 30, 4 * 2 ** 30],
    "3Gi of 4Gi allocatable (75%)",
  ],
] as const)("%s", (_name, action, resource, [requested, allocatable], text) => {
  it.each([
    [{}, 600],
    [{ default_query_duration: 60 }, 60],
  ])("with %j says how much is requested, on average", async (params, seconds) => {
    const prometheus = fakePrometheus({
      query: (promql) => [sample(promql.includes("requests") ? requested : allocatable)],
    });
    const { findings } = await runAction(action, alertEvent(), params, { prometheus });
    expect(findings).toMatchObject([
      {
        description: expect.stringContaining("If one fails"),
        enrichments: [{ blocks: [{ type: "markdown", text: `*Requested by pods:* ${text}` }] }],
      },
    ]);
    expect(prometheus.asked.map(({ promql }) => promql)).toEqual([
      `sum(avg_over_time(namespace_${resource}:kube_pod_container_resource_requests:sum{}[${seconds}s]))`,
      `sum(avg_over_time(kube_node_status_allocatable{resource="${resource}"}[${seconds}s]))`,
    ]);
  });

  it("says so where Prometheus does not know", async () => {
    const { blocks } = await runAction(action, alertEvent(), {}, { prometheus: fakePrometheus() });
    expect(blocks).toMatchObject([{ text: expect.stringMatching(/^_Prometheus does not know/) }]);
  });
});
