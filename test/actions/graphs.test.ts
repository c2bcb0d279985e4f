import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { alertGraphEnricher } from "../../src/actions/alert-graph-enricher.ts";
import { customGraphEnricher } from "../../src/actions/custom-graph-enricher.ts";
import { graphEnricher } from "../../src/actions/graph-enricher.ts";
import { nodeGraphEnricher } from "../../src/actions/node-graph-enricher.ts";
import { podGraphEnricher } from "../../src/actions/pod-graph-enricher.ts";
import { podNodeGraphEnricher } from "../../src/actions/pod-node-graph-enricher.ts";
import { seriesNames } from "../../src/actions/shared/graphs.ts";
import type { Series } from "../../src/index.ts";
import { alertEvent, fakePrometheus, nodeEvent, podEvent, runAction } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };

const now = Date.parse("2026-11-22T16:00:00Z");
const minute = 60_000;
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now }));
afterEach(() => void vi.useRealTimers());

const points: Series["points"] = [
  [now - minute, 1],
  [now, 2],
];
const of = (...labels: Series["labels"][]) =>
  fakePrometheus({ queryRange: () => labels.map((one) => ({ labels: one, points })) });
const link = (query: string) => `http://prometheus:9090/graph?g0.expr=${encodeURIComponent(query)}&g0.tab=1`;

describe("graph_enricher", () => {
  const query = `sum by (pod) (rate(http_errors_total{job="web"}[5m])) > 0.5`;

  it("draws the alert's query, from when it began, which it marks", async () => {
    const prometheus = of({ pod: "web-0" }, { pod: "web-1" });
    const startsAt = now - 90 * minute;
    const event = alertEvent({ generatorUrl: link(query), startsAt });
    const { enrichments } = await runAction(graphEnricher, event, {}, { prometheus });
    expect(enrichments).toEqual([
      {
        title: "Graph of the alert's query",
        blocks: [
          {
            type: "graph",
            title: query,
            format: "plain",
            series: [
              { name: "web-0", points },
              { name: "web-1", points },
            ],
            marks: [{ name: "Alert began", at: startsAt }],
          },
        ],
      },
    ]);
    expect(prometheus.asked).toMatchObject([{ promql: query, range: { start: startsAt, end: now } }]);
  });

  it.each([
    ["one that began a minute ago", { startsAt: now - minute }, {}, 60, ["Alert began"]],
    ["the same, with another duration", { startsAt: now - minute }, { graph_duration_minutes: 5 }, 5, ["Alert began"]],
    ["one of the future, for clocks differ", { startsAt: now + minute }, {}, 60, []],
    [
      "one that ended",
      { status: "resolved" as const, startsAt: now - 70 * minute, endsAt: now - minute },
      {},
      70,
      ["Alert began", "Alert ended"],
    ],
  ])("of %s, shows the right time", async (_what, alert, params, minutes, marks) => {
    const prometheus = of({});
    const { blocks } = await runAction(graphEnricher, alertEvent({ generatorUrl: link("up"), ...alert }), params, {
      prometheus,
    });
    expect(prometheus.asked).toMatchObject([{ range: { start: now - minutes * minute, end: now } }]);
    const shown = blocks.flatMap((block) => (block.type === "graph" ? (block.marks ?? []) : []));
    expect(shown.map(({ name }) => name)).toEqual(marks);
  });

  it("says so where Prometheus has no data", async () => {
    const empty = fakePrometheus({ queryRange: () => [{ labels: {}, points: [[now, Number.NaN]] }] });
    const event = alertEvent({ generatorUrl: link("up"), startsAt: now });
    for (const prometheus of [empty, fakePrometheus()]) {
      const { blocks } = await runAction(graphEnricher, event, {}, { prometheus });
      expect(blocks).toEqual([
        {
          type: "markdown",
          text: "_Prometheus has no data from 2026-11-22T15:00Z to 2026-11-22T16:00Z for_ `up`",
        },
      ]);
    }
  });

  it("asks nothing where the alert has no query", async () => {
    const prometheus = of({});
    const { findings, log } = await runAction(graphEnricher, alertEvent(), {}, { prometheus });
    expect({ findings, asked: prometheus.asked }).toEqual({ findings: [], asked: [] });
    expect(log).toMatchObject([{ message: expect.stringContaining("no query") }]);
  });

  it("fails in Prometheus's words, so that the finding says why it has no graph", async () => {
    const prometheus = fakePrometheus({ missing: "nobody knows where it is" });
    const event = alertEvent({ generatorUrl: link("up") });
    await expect(runAction(graphEnricher, event, {}, { prometheus })).rejects.toThrow("nobody knows where it is");
  });
});

describe("custom_graph_enricher", () => {
  const ask = async (promql_query: string, more: object = {}, world: object = {}) => {
    const prometheus = of({ instance: "a" });
    const event = alertEvent({
      pod: podOom,
      node: nodeReady,
      labels: { odd: `x"} or up{a="` },
      startsAt: now,
      ...world,
    });
    const run = await runAction(customGraphEnricher, event, { promql_query, ...more }, { prometheus });
    return { ...run, promql: prometheus.asked.map(({ promql }) => promql) };
  };

  it.each([
    [
      `up{pod="$pod", namespace="\${namespace}"}`,
      `up{pod="${podOom.metadata.name}", namespace="${podOom.metadata.namespace}"}`,
    ],
    [`up{name="$name", kind="$kind", node="$node"}`, `up{name="node-1", kind="node", node="node-1"}`],
    [`up{instance=~"$node_internal_ip:[0-9]+"}`, `up{instance=~"10\\\\.244\\\\.255\\\\.1:[0-9]+"}`],
    [`up{odd="$odd"}`, `up{odd="x\\"} or up{a=\\""}`],
    [`up{a="$nothing"}`, `up{a="<missing>"}`],
    [`label_replace(up, "a", "$1", "b", "(.*)")`, `label_replace(up, "a", "$1", "b", "(.*)")`],
  ])("asks %s as %s", async (query, asked) => {
    expect((await ask(query)).promql).toEqual([asked]);
  });

  it("reads the node only for a query that wants its address", async () => {
    const { calls } = await ask("up");
    expect(calls.filter(({ resource }) => resource === "nodes")).toEqual([]);
  });

  it.each([
    [{}, { title: "up", format: "plain", legend: true }, undefined],
    [{ graph_title: "Up of $pod" }, { title: "Up of oom-loop" }, "Up of oom-loop"],
    [{ chart_values_format: "CPUUsage" }, { format: "cpu_usage" }, undefined],
    [{ chart_values_format: "Bytes", hide_legends: true }, { format: "bytes", legend: false }, undefined],
    [
      { chart_values_format: null, hide_legends: null, graph_title: null },
      { format: "plain", legend: true },
      undefined,
    ],
  ])("draws it as %j says", async (params, drawn, title) => {
    const { enrichments } = await ask("up", params);
    expect(enrichments).toMatchObject([{ blocks: [drawn] }]);
    expect(enrichments[0]?.title).toBe(title);
  });
});

describe("the graphs of resources", () => {
  const url = { prometheus_url: "http://p:9090" };
  const pod = { metadata: podOom.metadata };
  const asked = async (run: (prometheus: ReturnType<typeof of>) => Promise<unknown>) => {
    const prometheus = of({ pod: "oom-loop", job: "kubelet" });
    await run(prometheus);
    return prometheus.asked.map(({ promql }) => promql);
  };

  const node = `job="node-exporter", instance=~"10\\\\.244\\\\.255\\\\.1:[0-9]+"`;
  const memory = (part: string) => `node_memory_${part}_bytes{${node}}`;
  const space = (part: string) =>
    `max without (mountpoint, fstype) (node_filesystem_${part}_bytes{${node}, fstype!=""})`;
  const cpuOfNode = `1 - avg without (cpu) (sum without (mode) (rate(node_cpu_seconds_total{${node}, mode=~"idle|iowait|steal"}[5m]))) != 0`;
  const pieces = ["Buffers", "Cached", "MemFree", "Slab"].map(memory).join(" + ");

  it.each([
    ["CPU", `sum(irate(container_cpu_usage_seconds_total{namespace="shop", pod=~"oom-loop"}[5m])) by (pod, job)`],
    [
      "Memory",
      `sum(container_memory_working_set_bytes{namespace="shop", pod=~"oom-loop", container!="", image!=""}) by (pod, job)`,
    ],
  ] as const)("%s of a pod is asked of that pod alone", async (resource_type, query) => {
    const params = { ...url, resource_type };
    expect(
      await asked((prometheus) => runAction(podGraphEnricher, podEvent({ pod: podOom }), params, { prometheus })),
    ).toEqual([query]);
  });

  it.each([
    ["CPU", cpuOfNode],
    ["Memory", `1 - ((${memory("MemAvailable")} or (${pieces})) / ${memory("MemTotal")}) != 0`],
    ["Disk", `1 - (${space("avail")} / ${space("size")}) != 0`],
  ] as const)("%s of a node is asked of that node alone", async (resource_type, query) => {
    const params = { ...url, resource_type };
    const ofNode = nodeEvent({ object: nodeReady });
    expect(await asked((prometheus) => runAction(nodeGraphEnricher, ofNode, params, { prometheus }))).toEqual([query]);
    const ofPod = podEvent({ pod: podOom, node: nodeReady });
    expect(await asked((prometheus) => runAction(podNodeGraphEnricher, ofPod, params, { prometheus }))).toEqual([
      query,
    ]);
  });

  it.each([
    [
      "Pod",
      `sum(irate(container_cpu_usage_seconds_total{namespace="shop", pod=~"oom-loop"}[5m])) by (pod, job)`,
      "CPU usage of pod oom-loop",
    ],
    ["Node", cpuOfNode, "CPU utilization of node node-1"],
    [
      "Container",
      `sum(irate(container_cpu_usage_seconds_total{namespace="shop", pod=~"oom-loop", container=~"c"}[5m])) by (container, pod, job)`,
      "CPU usage of container c",
    ],
  ] as const)("of an alert is that of its %s", async (item_type, promql, title) => {
    const start = now - 2 * 60 * minute;
    const event = alertEvent({ pod, node: nodeReady, labels: { container: "c" }, startsAt: start });
    const prometheus = of({});
    const params = { ...url, resource_type: "CPU", item_type } as const;
    const { enrichments } = await runAction(alertGraphEnricher, event, params, { prometheus });
    expect(prometheus.asked).toMatchObject([{ promql, range: { start, end: now } }]);
    expect(enrichments).toMatchObject([
      { title: "Resources", blocks: [{ title, marks: [{ name: "Alert began", at: start }] }] },
    ]);
  });

  it("of an IPv6 node has its address in brackets", async () => {
    const status = { ...nodeReady.status, addresses: [{ type: "InternalIP", address: "fd00::1" }] };
    const [query] = await asked((prometheus) =>
      runAction(
        nodeGraphEnricher,
        nodeEvent({ object: { ...nodeReady, status } }),
        { resource_type: "CPU" },
        { prometheus },
      ),
    );
    expect(query).toContain(`instance=~"\\\\[fd00::1\\\\]:[0-9]+"`);
  });

  it("takes the override for its resource and item, in its format", async () => {
    const prometheus_graphs_overrides = [
      { resource_type: "Memory" as const, item_type: "Pod" as const, query: "wrong" },
      {
        resource_type: "Disk" as const,
        item_type: "Pod" as const,
        query: `disk{pod="$pod"}`,
        values_format: "Bytes" as const,
      },
    ];
    const prometheus = of({});
    const params = { resource_type: "Disk" as const, prometheus_graphs_overrides };
    const { blocks } = await runAction(podGraphEnricher, podEvent({ pod: podOom }), params, { prometheus });
    expect(prometheus.asked).toMatchObject([{ promql: `disk{pod="oom-loop"}` }]);
    expect(blocks).toMatchObject([{ title: "Disk usage of pod oom-loop", format: "bytes" }]);
  });

  it("refuses the disk of a pod where no query is given", async () => {
    await expect(runAction(podGraphEnricher, podEvent(), { resource_type: "Disk" })).rejects.toThrow(
      /There is no built-in query for this resource here/,
    );
    const params = { resource_type: "Disk", item_type: "Container" } as const;
    await expect(runAction(alertGraphEnricher, alertEvent(), params)).rejects.toThrow(/no built-in query/);
  });

  it.each([
    ["Memory", { name: "Limit", value: 20 * 2 ** 20 }, { name: "Request", value: 20 * 2 ** 20 }],
    ["CPU", undefined, undefined],
  ] as const)("shows the pod's limits of %s where display_limits says so", async (resource_type, ...lines) => {
    const shown = async (display_limits: boolean) => {
      const params = { resource_type, display_limits };
      const { blocks } = await runAction(podGraphEnricher, podEvent({ pod: podOom }), params, { prometheus: of({}) });
      return blocks.flatMap((block) => (block.type === "graph" ? (block.lines ?? []) : []));
    };
    expect(await shown(true)).toEqual(lines.filter((line) => line !== undefined));
    expect(await shown(false)).toEqual([]);
  });

  it("draws one job's series where two measure the same: the kubelet's, else the first", async () => {
    const draw = async (...jobs: string[]) => {
      const series = jobs.map((job, index) => ({ labels: { pod: "oom-loop", job }, points: [[now, index] as const] }));
      const prometheus = fakePrometheus({ queryRange: () => series });
      const { blocks } = await runAction(
        podGraphEnricher,
        podEvent({ pod: podOom }),
        { resource_type: "CPU" },
        { prometheus },
      );
      return blocks.flatMap((block) => (block.type === "graph" ? block.series : []));
    };
    expect(await draw("cadvisor", "kubelet", "a")).toEqual([{ name: "oom-loop", points: [[now, 1]] }]);
    expect(await draw("z", "b")).toEqual([{ name: "oom-loop", points: [[now, 1]] }]);
  });

  it.each([
    ["pod_graph_enricher", () => runAction(podGraphEnricher, podEvent({ pod: null }), { resource_type: "CPU" })],
    ["node_graph_enricher", () => runAction(nodeGraphEnricher, nodeEvent({ object: null }), { resource_type: "CPU" })],
    [
      "pod_node_graph_enricher",
      () => runAction(podNodeGraphEnricher, podEvent({ pod: podOom }), { resource_type: "CPU" }),
    ],
    [
      "alert_graph_enricher",
      () => runAction(alertGraphEnricher, alertEvent(), { resource_type: "CPU", item_type: "Node" }),
    ],
  ])("%s asks nothing where there is nothing to ask about", async (_name, run) => {
    const { findings, log } = await run();
    expect(findings).toEqual([]);
    expect(log).toMatchObject([{ message: expect.stringMatching(/no (graph|pod|node)/) }]);
  });
});

describe("seriesNames", () => {
  it.each([
    [[{ __name__: "up", job: "a", pod: "p" }], ["p"]],
    [[{ container: "c", pod: "p" }], ["c"]],
    [[{ job: "a", instance: "i", zone: "z", __name__: "up" }], ["i z"]],
    [
      [{ __name__: "up", pod: "" }, { __name__: "down" }],
      ["up", "down"],
    ],
    [
      [{ job: "a" }, { job: "b" }],
      ["a", "b"],
    ],
    [
      [
        { container: "c", pod: "p", namespace: "n" },
        { container: "c", pod: "q", namespace: "n" },
      ],
      ["p", "q"],
    ],
    [[{ container: "", pod: "p" }], ["p"]],
    [
      [{ a: "1" }, { b: "2" }],
      ["1", "2"],
    ],
    [[{}], [""]],
    [[], []],
  ])("of %j is %j", (labels, names) => {
    expect(seriesNames(labels)).toEqual(names);
  });
});
