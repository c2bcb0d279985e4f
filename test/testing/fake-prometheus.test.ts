import { describe, expect, it } from "vitest";
import * as z from "zod";
import { action, ExecutionBaseEvent, markdown, prometheusParams } from "../../src/index.ts";
import { fakePrometheus, podEvent, runAction } from "../../src/testing.ts";

const values = action({
  name: "values",
  on: ExecutionBaseEvent,
  params: z.strictObject({ ...prometheusParams, promql_query: z.string() }),
  async run(event, params, context) {
    const prometheus = await context.prometheus(params);
    const samples = await prometheus.query(params.promql_query);
    const series = await prometheus.queryRange("up", { start: 0, end: 60_000 });
    event.addEnrichment([markdown(JSON.stringify([samples, series]))]);
  },
});

describe("an action that asks Prometheus", () => {
  it("is given what the test says, and the test what was asked", async () => {
    const sample = { labels: { pod: "web-0" }, at: 0, value: 1 };
    const prometheus = fakePrometheus({ query: (promql) => (promql === "cpu" ? [sample] : []) });
    const params = { promql_query: "cpu", prometheus_url: "prometheus:9090" };
    const { blocks } = await runAction(values, podEvent(), params, { prometheus });
    expect(blocks).toEqual([markdown(JSON.stringify([[sample], []]))]);
    const asked = { ...params, prometheus_url: "http://prometheus:9090", add_additional_labels: true };
    expect(prometheus.asked).toEqual([
      { promql: "cpu", params: asked },
      { promql: "up", params: asked, range: { start: 0, end: 60_000 } },
    ]);
  });

  it("finds none where the test gives none", async () => {
    await expect(runAction(values, podEvent(), { promql_query: "cpu" })).rejects.toMatchObject({
      name: "PrometheusError",
      message: "this test gives no Prometheus; runAction takes one in its options",
    });
  });
});
