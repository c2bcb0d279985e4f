import * as z from "zod";
import { action, type Cluster, type HorizontalPodAutoscaler, list, PrometheusKubernetesAlert } from "../index.ts";
import { conditionsTable } from "./shared/conditions.ts";
import { eventParams, latestEvents } from "./shared/events.ts";

export const hpaMismatchEnricher = action({
  name: "hpa_mismatch_enricher",
  description:
    "Says why an autoscaler has not the replicas that it wants: its counts, conditions and events, and what may help.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["list"] },
  ],
  params: z.strictObject({
    ...eventParams,
    check_for_metrics_server: z
      .boolean()
      .default(true)
      .describe("Where the autoscaler gets no metrics, look whether the cluster has a metrics server"),
  }),
  async run(event, params, { log }) {
    const hpa = await event.getHorizontalPodAutoscaler();
    if (hpa === undefined) return log.info("no autoscaler, nothing to explain");
    const unwell = conditions(hpa).filter(
      ({ type, status }) => status !== (type === "ScalingLimited" ? "False" : "True"),
    );
    const withoutMetrics = unwell.some(({ type }) => type === "ScalingActive");
    const noServer = withoutMetrics && params.check_for_metrics_server && !(await hasMetricsServer(event.cluster));
    const lines = [...counts(hpa), ...fixes(hpa, { withoutMetrics, noServer })];
    const blocks = [list(lines), ...(unwell.length > 0 ? [conditionsTable(unwell)] : [])];
    event.addEnrichment(blocks, { title: `Replicas of the autoscaler ${hpa.metadata.name}` });
    const events = await latestEvents(hpa, params);
    if (events !== undefined) event.addEnrichment([events]);
  },
});

const conditions = ({ status }: HorizontalPodAutoscaler) => status?.conditions ?? [];

function counts({ spec, status }: HorizontalPodAutoscaler): string[] {
  const { minReplicas = 1, maxReplicas } = spec ?? {};
  const { currentReplicas = 0, desiredReplicas = 0 } = status ?? {};
  return [
    `Replicas: ${currentReplicas} now, ${desiredReplicas} wanted, ${minReplicas} at least, ${maxReplicas ?? "?"} at most`,
  ];
}

interface Found {
  readonly withoutMetrics: boolean;
  readonly noServer: boolean;
}

function fixes({ spec, status }: HorizontalPodAutoscaler, { withoutMetrics, noServer }: Found): string[] {
  const { currentReplicas = 0, desiredReplicas = 0 } = status ?? {};
  const target = spec === undefined ? "its target" : `${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`;
  const missing = desiredReplicas > currentReplicas;
  return [
    ...(noServer ? ["No metrics server was found in the cluster: CPU and memory cannot be measured without one."] : []),
    ...(withoutMetrics && !noServer
      ? [`It gets no metrics. See that the pods of ${target} run, and that their containers request what is measured.`]
      : []),
    ...(missing
      ? [`See why ${target} has not the replicas it was told to have: nodes may be full, a quota used up.`]
      : []),
    ...(desiredReplicas >= (spec?.maxReplicas ?? Number.POSITIVE_INFINITY)
      ? ["It wants as many replicas as it may have. Raise its `maxReplicas` if the load is real."]
      : []),
  ];
}

/** By the labels that its manifests and its Helm chart give it. */
async function hasMetricsServer(cluster: Cluster): Promise<boolean> {
  for (const labelSelector of ["k8s-app=metrics-server", "app.kubernetes.io/name=metrics-server"]) {
    if ((await cluster.list("Deployment", { labelSelector, limit: 1 })).length > 0) return true;
  }
  return false;
}
