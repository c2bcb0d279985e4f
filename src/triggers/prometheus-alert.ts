import * as z from "zod";
import type { AlertDelivery } from "../delivery.ts";
import { PrometheusKubernetesAlert } from "../events/prometheus-alert.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import { scopeRefusal, scopeSchema } from "../scope.ts";
import { repeatSchema, repeatSeconds } from "../tools/duration.ts";
import { type Condition, equals, firstRefusal, refusedBy, startsWith } from "./conditions.ts";
import { type Match, type TriggerUse, trigger, useTrigger } from "./trigger.ts";

const params = z.strictObject({
  alert_name: z.string().optional().describe("Only alerts of exactly this name"),
  status: z.enum(["firing", "resolved", "all"]).default("firing").describe("Which phase of the alert"),
  repeat: repeatSchema
    .optional()
    .describe("After how long the playbook runs again while the alert fires on; default: `alertRepeat`, else never"),
  pod_name_prefix: z.string().optional().describe("How the label `pod` begins"),
  namespace_prefix: z.string().optional().describe("How the label `namespace` begins"),
  instance_name_prefix: z.string().optional().describe("How the label `instance` begins"),
  k8s_providers: z
    .array(z.string())
    .optional()
    .describe("Only in clusters of these providers (EKS, GKE, …); of one that cannot be told: Unknown"),
  scope: scopeSchema(["labels", "annotations"]).optional().describe("Which alerts, by their labels and annotations"),
});

type Params = z.output<typeof params>;

export const prometheusAlert = trigger({
  name: "on_prometheus_alert",
  description: "An alert of Prometheus starts to fire, or resolves.",
  emits: PrometheusKubernetesAlert,
  delivery: "alert",
  params,
  match,
  confirm,
});

/** The trigger with its params, for playbooks in TypeScript. Throws a ZodError. */
export const onPrometheusAlert = (given: z.input<typeof params> = {}): TriggerUse<PrometheusKubernetesAlert> =>
  useTrigger(prometheusAlert, given);

function match({ alert }: AlertDelivery, wanted: Params): Match {
  const matched = firstRefusal(conditions, alert, wanted);
  if (matched.fires === false) return matched;
  if (wanted.status !== "all" && alert.status !== wanted.status) {
    const reason = () => `the alert is ${alert.status}, not ${wanted.status}`;
    return { fires: false, condition: "status", reason, phase: true };
  }
  return wanted.k8s_providers === undefined ? fires(alert, wanted) : { fires: "maybe" };
}

/** Only what fires on is repeated: a resolution is told once. */
function fires({ status }: AlertDelivery["alert"], { repeat }: Params): Match {
  const seconds = status === "firing" ? repeatSeconds(repeat) : undefined;
  return { fires: true, ...(seconds === undefined ? {} : { repeatSeconds: seconds }) };
}

const conditions: readonly Condition<AlertDelivery["alert"], Params>[] = [
  ({ labels }, { alert_name: name }) => equals("alert_name", "the alert's name", labels.alertname, name),
  ({ labels }, { namespace_prefix: prefix }) =>
    startsWith("namespace_prefix", "the label namespace", labels.namespace, prefix),
  ({ labels }, { pod_name_prefix: prefix }) => startsWith("pod_name_prefix", "the label pod", labels.pod, prefix),
  ({ labels }, { instance_name_prefix: prefix }) =>
    startsWith("instance_name_prefix", "the label instance", labels.instance, prefix),
  ({ labels, annotations }, { scope }) => refusedBy("scope", scopeRefusal(scope, { labels, annotations })),
];

async function confirm({ alert }: AlertDelivery, params: Params, cluster: Cluster): Promise<Match> {
  const { k8s_providers: wanted = [] } = params;
  const provider = await providerOf(cluster);
  if (wanted.some((name) => name.toLowerCase() === provider.toLowerCase())) return fires(alert, params);
  const reason = () => `the cluster's provider is ${provider}, not one of ${wanted.join(", ")}`;
  return { fires: false, condition: "k8s_providers", reason };
}

/** A cluster that cannot be asked has no known provider either. What silences alerts by it must be certain. */
async function providerOf(cluster: Cluster): Promise<string> {
  try {
    return await cluster.provider();
  } catch {
    return "Unknown";
  }
}
