import * as z from "zod";
import { action, PrometheusKubernetesAlert } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { explainOvercommitment, overcommitmentParams } from "./shared/overcommitment.ts";

/** Spelt as in the model. */
export const cpuOvercommitedEnricher = action({
  name: "cpu_overcommited_enricher",
  description: "Says how much of the cluster's CPU pods request, and what it means that it is too much.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: findsPrometheus,
  params: z.strictObject(overcommitmentParams),
  async run(event, params, { prometheus }) {
    await explainOvercommitment(event, await prometheus(params), "cpu", params.default_query_duration);
  },
});
