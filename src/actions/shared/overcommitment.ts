/** Clusters whose pods request more than is left when one node fails. */
import * as z from "zod";
import { markdown, type Prometheus, type PrometheusKubernetesAlert, prometheusParams } from "../../index.ts";
import { percent, quantityText } from "./resources.ts";

export const overcommitmentParams = {
  ...prometheusParams,
  default_query_duration: z.int().positive().default(600).describe("The average is taken over so many seconds"),
};

type Resource = "cpu" | "memory";

const ofAll = (metric: string, seconds: number) => `sum(avg_over_time(${metric}[${seconds}s]))`;

/** Says how much of the cluster's CPU or memory is requested, and what the alert means. Throws a PrometheusError. */
export async function explainOvercommitment(
  event: PrometheusKubernetesAlert,
  prometheus: Prometheus,
  resource: Resource,
  seconds: number,
): Promise<void> {
  const [requested, allocatable] = await Promise.all(
    [
      `namespace_${resource}:kube_pod_container_resource_requests:sum{}`,
      `kube_node_status_allocatable{resource="${resource}"}`,
    ].map(async (metric) => (await prometheus.query(ofAll(metric, seconds)))[0]?.value),
  );
  const name = resource === "cpu" ? "CPU" : "memory";
  event.overrideFinding({
    description: `The cluster has enough ${name} as long as every node runs. If one fails, pods may find no place. Add ${name}, or lower what pods request.`,
  });
  event.addEnrichment([
    markdown(
      requested && allocatable
        ? `*Requested by pods:* ${quantityText(resource, requested)} of ${quantityText(resource, allocatable)} allocatable (${percent(requested, allocatable)})`
        : "_Prometheus does not know how much is requested and allocatable; it gets that from kube-state-metrics, and sums it up with the rules of kube-prometheus._",
    ),
  ]);
}
