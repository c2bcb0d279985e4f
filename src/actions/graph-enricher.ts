import * as z from "zod";
import { action, PrometheusKubernetesAlert, prometheusParams } from "../index.ts";
import { alertSpan, drawGraph, findsPrometheus, graphDuration } from "./shared/graphs.ts";

export const graphEnricher = action({
  name: "graph_enricher",
  description: "Draws the Prometheus query that fired: at least since it did.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: findsPrometheus,
  params: z.strictObject({ ...prometheusParams, graph_duration_minutes: graphDuration }),
  async run(event, params, { log, prometheus }) {
    const query = event.getPrometheusQuery();
    if (query === undefined) {
      return log.info("no graph: the alert's link to Prometheus has no query", { alert: event.alertName });
    }
    const span = alertSpan(event.alert, params.graph_duration_minutes);
    const block = await drawGraph(await prometheus(params), { title: query, query, ...span });
    event.addEnrichment([block], { title: "Graph of the alert's query" });
  },
});
