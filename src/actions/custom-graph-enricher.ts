import * as z from "zod";
import { action, PrometheusKubernetesAlert, prometheusParams } from "../index.ts";
import { alertValues } from "./shared/alert-values.ts";
import { alertSpan, drawGraph, findsPrometheus, graphDuration } from "./shared/graphs.ts";
import { fillPlaces, fillQuery } from "./shared/promql.ts";
import { formats } from "./shared/resource-queries.ts";

const places = "the alert's labels ($pod, $namespace, …), $name, $kind, $node and $node_internal_ip are filled in";

export const customGraphEnricher = action({
  name: "custom_graph_enricher",
  description: "Draws a Prometheus query of your own: at least since the alert fired.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [...findsPrometheus, { apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
  params: z.strictObject({
    ...prometheusParams,
    promql_query: z.string().min(1).describe(`The query; ${places}`),
    graph_title: z.string().nullish().describe(`What stands above the graph; ${places}. Default: the query`),
    graph_duration_minutes: graphDuration,
    chart_values_format: z
      .enum(["Plain", "Bytes", "Percentage", "CPUUsage"])
      .nullish()
      .default("Plain")
      .describe("What the values are: numbers, bytes, ratios of which 1 is 100 %, or cores"),
    hide_legends: z.boolean().nullish().default(false).describe("Leave the names of the series out"),
  }),
  async run(event, params, { prometheus }) {
    const { promql_query, graph_title, graph_duration_minutes, chart_values_format, hide_legends } = params;
    const values = await alertValues(event, `${promql_query} ${graph_title}`);
    const query = fillQuery(promql_query, values);
    const title = graph_title ? fillPlaces(graph_title, values) : query;
    const block = await drawGraph(await prometheus(params), {
      title,
      query,
      format: formats[chart_values_format ?? "Plain"],
      legend: hide_legends !== true,
      ...alertSpan(event.alert, graph_duration_minutes),
    });
    event.addEnrichment([block], title === query ? {} : { title });
  },
});
