import * as z from "zod";
import { action, ExecutionBaseEvent, prometheusParams } from "../index.ts";
import { drawGraph, findsPrometheus, spanOf } from "./shared/graphs.ts";
import { stepParam, timeParam } from "./shared/prometheus-times.ts";

const duration = z
  .strictObject({
    duration_minutes: z.int().positive().optional().describe("So many minutes until now"),
    starts_at: timeParam.optional().describe("Or from this time on: 2026-11-22 09:40:59 UTC"),
    ends_at: timeParam.optional().describe("Until this time; default now"),
  })
  .refine(({ duration_minutes: minutes, starts_at: start }) => (minutes === undefined) !== (start === undefined), {
    error: "Give either `duration_minutes`, or `starts_at` and `ends_at`",
  })
  .refine(({ starts_at: start, ends_at: end }) => start === undefined || end === undefined || start < end, {
    error: "`ends_at` is not after `starts_at`",
  });

export const prometheusEnricher = action({
  name: "prometheus_enricher",
  description: "Draws what a Prometheus query was answered over a time.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: findsPrometheus,
  params: z.strictObject({
    ...prometheusParams,
    promql_query: z.string().min(1).describe("The query"),
    duration: duration.describe("The time over which it is asked"),
    step: stepParam.nullish().describe("Between two points: 30s, 5m, or seconds. Default: as a graph needs it"),
  }),
  async run(event, params, { prometheus }) {
    const { promql_query: query, duration, step } = params;
    const { start, end } = timeOf(duration);
    const request = { title: query, query, start, end, ...(step == null ? {} : { stepSeconds: step }) };
    event.addEnrichment([await drawGraph(await prometheus(params), request)], { title: "Prometheus" });
  },
});

function timeOf({ duration_minutes: minutes, starts_at: start, ends_at: end }: z.output<typeof duration>) {
  if (start === undefined) return spanOf(minutes ?? 0);
  return { start, end: end ?? Date.now() };
}
