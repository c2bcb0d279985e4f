import * as z from "zod";
import { action, ExecutionBaseEvent, isA, markdown, PrometheusKubernetesAlert, prometheusParams } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";

/** What an operator is called in the title, and whether a value breaks the agreement. */
const operators = {
  ">": { name: "gt", holds: (value: number, threshold: number) => value > threshold },
  "<": { name: "lt", holds: (value: number, threshold: number) => value < threshold },
  "==": { name: "eq", holds: (value: number, threshold: number) => value === threshold },
  "!=": { name: "ne", holds: (value: number, threshold: number) => value !== threshold },
} as const;

export const prometheusSlaEnricher = action({
  name: "prometheus_sla_enricher",
  description: "Says in the title whether the value of a Prometheus query breaks a service level agreement.",
  on: ExecutionBaseEvent,
  effects: "read",
  permissions: findsPrometheus,
  params: z.strictObject({
    ...prometheusParams,
    promql_query: z.string().min(1).describe("A query for one number; of more series, the last one counts"),
    operator: z
      .enum([">", "<", "==", "!="])
      .describe("How the value compares to the threshold where it is a violation"),
    threshold: z.number().describe("What it is compared with"),
  }),
  async run(event, params, { prometheus }) {
    const { promql_query: query, operator, threshold } = params;
    const samples = await (await prometheus(params)).query(query);
    const value = samples.at(-1)?.value;
    if (value === undefined) return event.addEnrichment([markdown(`_Prometheus has no value for_ \`${query}\``)]);
    event.addEnrichment([markdown(`*SLA query*: \`${query}\``)]);
    const { name, holds } = operators[operator];
    const verdict = holds(value, threshold) ? "SLA VIOLATION" : "SLA";
    event.overrideFinding({ title: `${verdict} ${value.toFixed(3)} ${name} ${threshold} ${titleOf(event)}` });
  },
});

function titleOf(event: ExecutionBaseEvent): string {
  if (isA(event, PrometheusKubernetesAlert)) return event.getTitle();
  const { kind, namespace, name } = event.getSubject();
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
