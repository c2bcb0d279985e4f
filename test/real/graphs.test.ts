/** The actions that draw, on a real Prometheus that scrapes itself; and that it understands every query that is built in. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod";
import { alertGraphEnricher } from "../../src/actions/alert-graph-enricher.ts";
import { cpuOvercommitedEnricher } from "../../src/actions/cpu-overcommited-enricher.ts";
import { customGraphEnricher } from "../../src/actions/custom-graph-enricher.ts";
import { graphEnricher } from "../../src/actions/graph-enricher.ts";
import { nodeCpuEnricher } from "../../src/actions/node-cpu-enricher.ts";
import { oomKillerEnricher } from "../../src/actions/oom-killer-enricher.ts";
import { prometheusEnricher } from "../../src/actions/prometheus-enricher.ts";
import { toPng } from "../../src/graphs/png.ts";
import { toSvg } from "../../src/graphs/svg.ts";
import type { Action, Block, GraphBlock } from "../../src/index.ts";
import { openPrometheus } from "../../src/prometheus/open.ts";
import { alertEvent, fakeCluster, nodeEvent, runAction, type TestEvent } from "../../src/testing.ts";
import nodeReady from "../fixtures/objects/node-ready.json" with { type: "json" };
import podOom from "../fixtures/objects/pod-oom-once.json" with { type: "json" };
import { type RunningPrometheus, startPrometheus } from "./prometheus.ts";

let server: RunningPrometheus;
const find = openPrometheus();

const run = async <E, P extends z.ZodType>(action: Action<E, P>, event: TestEvent<NoInfer<E>>, params: z.input<P>) =>
  (await runAction(action, event, params, { prometheus: { find, asked: [] } })).blocks;

beforeAll(async () => {
  server = await startPrometheus({ port: 19_393 });
  const prometheus = await find({
    cluster: fakeCluster(),
    params: { prometheus_url: server.url },
    signal: new AbortController().signal,
  });
  const scraped = async () => (await prometheus.query(`count_over_time(up[1m]) > 3`)).length > 0;
  while (!(await scraped())) await sleep(100);
});
afterAll(async () => await server.close());

function theGraph(blocks: readonly Block[]): GraphBlock {
  const [block] = blocks;
  if (block?.type !== "graph") throw new Error(`no graph, but ${JSON.stringify(block)}`);
  return block;
}

const isPng = async (block: GraphBlock) => Buffer.from((await toPng(toSvg(block))).subarray(1, 4)).toString() === "PNG";

describe("on a real Prometheus", () => {
  const startsAt = Date.now() - 90_000;
  const requests = `sum by (handler) (prometheus_http_requests_total{job="self", handler=~"/(metrics|api/v1/query)"})`;

  it("graph_enricher draws the query of the alert's link", async () => {
    const generatorUrl = `${server.url}/graph?g0.expr=${encodeURIComponent(requests)}&g0.tab=1`;
    const params = { prometheus_url: server.url, graph_duration_minutes: 1 };
    const block = theGraph(await run(graphEnricher, alertEvent({ generatorUrl, startsAt }), params));
    expect(block).toMatchObject({
      title: requests,
      series: [{ name: "/api/v1/query" }, { name: "/metrics" }],
      marks: [{ name: "Alert began", at: startsAt }],
    });
    expect(block.series[1]?.points.at(-1)?.[1]).toBeGreaterThan(0);
    expect(await isPng(block)).toBe(true);
  });

  it("custom_graph_enricher fills in what the alert says, however odd", async () => {
    const memory = async (instance: string) =>
      await run(customGraphEnricher, alertEvent({ labels: { instance }, startsAt }), {
        prometheus_url: server.url,
        promql_query: `process_resident_memory_bytes{instance=~"$instance"}`,
        graph_title: "Memory of $instance",
        chart_values_format: "Bytes",
        graph_duration_minutes: 1,
      });
    const { host } = new URL(server.url);
    const block = theGraph(await memory(host));
    expect(block).toMatchObject({
      title: `Memory of ${host}`,
      format: "bytes",
      series: [{ points: expect.anything() }],
    });
    expect(await isPng(block)).toBe(true);
    for (const odd of [".*", `"} or up{job="self`, "a\\", "a\nb", "("]) {
      expect(await memory(odd)).toMatchObject([{ type: "markdown", text: expect.stringContaining("has no data") }]);
    }
  });

  it("prometheus_enricher draws a query with the step that it is given", async () => {
    const params = { prometheus_url: server.url, promql_query: "up", duration: { duration_minutes: 1 }, step: "1s" };
    const block = theGraph(await run(prometheusEnricher, nodeEvent(), params));
    const times = block.series[0]?.points.map(([at]) => at) ?? [];
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(1_000);
    expect(await isPng(block)).toBe(true);
  });

  it("prometheus_enricher says in Prometheus's words what is wrong with a query", async () => {
    const params = { prometheus_url: server.url, promql_query: "up{", duration: { duration_minutes: 1 } };
    await expect(run(prometheusEnricher, nodeEvent(), params)).rejects.toThrow(/unexpected end of input/);
  });

  it.each([
    ["CPU", "Pod"],
    ["CPU", "Container"],
    ["CPU", "Node"],
    ["Memory", "Pod"],
    ["Memory", "Container"],
    ["Memory", "Node"],
    ["Disk", "Node"],
  ] as const)("understands the query for the %s of a %s", async (resource_type, item_type) => {
    const event = alertEvent({ pod: podOom, node: nodeReady, labels: { container: "hog" } });
    const blocks = await run(alertGraphEnricher, event, { prometheus_url: server.url, resource_type, item_type });
    expect(blocks).toMatchObject([{ text: expect.stringContaining("Prometheus has no data") }]);
  });

  it("understands what is asked about nodes and kills", async () => {
    const url = { prometheus_url: server.url };
    const event = alertEvent({ node: nodeReady, objects: [podOom] });
    expect(await run(nodeCpuEnricher, event, url)).toMatchObject([{ type: "list" }, { type: "markdown" }]);
    expect(await run(cpuOvercommitedEnricher, event, url)).toMatchObject([{ type: "markdown" }]);
    const longAgo = { new_oom_kills_duration_in_sec: 1_000_000_000 };
    expect(await run(oomKillerEnricher, event, { ...url, ...longAgo })).toMatchObject([{ type: "table" }]);
  });
});
