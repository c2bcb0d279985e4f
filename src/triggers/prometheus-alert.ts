import * as z from "zod";
import type { AlertDelivery } from "../delivery.ts";
import { PrometheusKubernetesAlert } from "../events/prometheus-alert.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import { scopeRefusal, scopeSchema } from "../scope.ts";
import { equals, firstRefusal, type Refusal, startsWith } from "./conditions.ts";
import { type Match, type TriggerUse, trigger, useTrigger } from "./trigger.ts";

const params = z.strictObject({
  alert_name: z.string().optional().describe("Only alerts of exactly this name"),
  status: z.enum(["firing", "resolved", "all"]).default("firing").describe("Which phase of the alert"),
  pod_name_prefix: z.string().optional().describe("How the label `pod` begins"),
  namespace_prefix: z.string().optional().describe("How the label `namespace` begins"),
  instance_name_prefix: z.string().optional().describe("How the label `instance` begins"),
  k8s_providers: z
    .array(z.string())
    .optional()
    .describe("Only in clusters of these providers (EKS, GKE, …); ignored where the provider is unknown"),
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
  const matched = firstRefusal(conditions(alert, wanted));
  if (matched.fires === false) return matched;
  if (wanted.status !== "all" && alert.status !== wanted.status) {
    return { fires: false, reason: `the alert is ${alert.status}, not ${wanted.status}`, phase: true };
  }
  return wanted.k8s_providers === undefined ? matched : { fires: "maybe" };
}

function* conditions({ labels, annotations }: AlertDelivery["alert"], wanted: Params): Iterable<Refusal> {
  yield equals("the alert's name", labels.alertname, wanted.alert_name);
  yield startsWith("the label namespace", labels.namespace, wanted.namespace_prefix);
  yield startsWith("the label pod", labels.pod, wanted.pod_name_prefix);
  yield startsWith("the label instance", labels.instance, wanted.instance_name_prefix);
  yield scopeRefusal(wanted.scope, { labels, annotations });
}

async function confirm(
  _delivery: AlertDelivery,
  { k8s_providers: wanted = [] }: Params,
  cluster: Cluster,
): Promise<Match> {
  const provider = await providerOf(cluster);
  if (provider === "Unknown" || wanted.some((name) => name.toLowerCase() === provider.toLowerCase()))
    return { fires: true };
  return { fires: false, reason: `the cluster's provider is ${provider}, not one of ${wanted.join(", ")}` };
}

/** A cluster that cannot be asked has no known provider: an alert about it must still go out. */
async function providerOf(cluster: Cluster): Promise<string> {
  try {
    return await cluster.provider();
  } catch {
    return "Unknown";
  }
}
