/** A small vocabulary for the loader's tests: triggers, actions and sinks with the params that matter to it. */
import * as z from "zod";
import {
  action,
  ExecutionBaseEvent,
  KubernetesAnyChangeEvent,
  PodChangeEvent,
  PodEvent,
  PrometheusKubernetesAlert,
} from "../../src/index.ts";
import type { AnyAction } from "../../src/playbooks/action.ts";
import type { Vocabulary } from "../../src/playbooks/load.ts";
import { type AnyTrigger, trigger } from "../../src/triggers/trigger.ts";

const run = () => {};

const matchers = z.strictObject({ labels: z.union([z.string(), z.array(z.string())]).optional() });

export const onPrometheusAlert = trigger({
  name: "on_prometheus_alert",
  description: "An alert.",
  emits: PrometheusKubernetesAlert,
  delivery: "alert",
  params: z.strictObject({
    alert_name: z.string().optional(),
    status: z.enum(["firing", "resolved", "all"]).default("firing"),
    repeat: z.string().default("never"),
    scope: z.strictObject({ include: z.array(matchers).optional(), exclude: z.array(matchers).optional() }).optional(),
  }),
  match: () => ({ fires: true }),
});

export const onPodUpdate = trigger({
  name: "on_pod_update",
  description: "A pod changed.",
  emits: PodChangeEvent,
  delivery: "change",
  params: z.strictObject({ name_prefix: z.string().optional() }),
  match: () => ({ fires: true }),
});

export const onAnyChange = trigger({
  name: "on_kubernetes_any_resource_all_changes",
  description: "An object changed.",
  emits: KubernetesAnyChangeEvent,
  delivery: "change",
  params: z.strictObject({}),
  match: () => ({ fires: true }),
});

export const podBashEnricher = action({
  name: "pod_bash_enricher",
  on: PodEvent,
  params: z.strictObject({ bash_command: z.string() }),
  run,
});

export const argoAppSync = action({
  name: "argo_app_sync",
  on: ExecutionBaseEvent,
  params: z.strictObject({
    argo_url: z.url(),
    argo_token: z.string(),
    rate_limit_seconds: z.int().positive().default(1800),
    argo_verify_server_cert: z.boolean().default(true),
  }),
  run,
});

export const podChangeMonitor = action({ name: "pod_change_monitor", on: PodChangeEvent, run });

export const logsEnricher = action({
  name: "logs_enricher",
  on: PodEvent,
  params: z.strictObject({
    container_name: z.string().optional(),
    previous: z.boolean().default(false),
    tail_lines: z.int().positive().optional(),
    regex_replacement_style: z.enum(["SAME_LENGTH_ASTERISKS", "NAMED"]).optional(),
  }),
  run,
});

export const createFinding = action({
  name: "create_finding",
  on: ExecutionBaseEvent,
  params: z.strictObject({
    title: z.string(),
    aggregation_key: z.string(),
    severity: z.enum(["DEBUG", "INFO", "LOW", "MEDIUM", "HIGH"]).default("HIGH"),
    description: z.string().optional(),
  }),
  run,
});

export const silencer = action({
  name: "severity_silencer",
  on: PrometheusKubernetesAlert,
  params: z.strictObject({ severity: z.string().default("none") }),
  run,
});

export const triggers: readonly AnyTrigger[] = [onPrometheusAlert, onPodUpdate, onAnyChange];

export const actions: readonly AnyAction[] = [
  podBashEnricher,
  argoAppSync,
  podChangeMonitor,
  logsEnricher,
  createFinding,
  silencer,
];

const shared = { name: z.string(), default: z.boolean().default(true) };

export const sinkTypes: Vocabulary["sinkTypes"] = new Map([
  ["slack_sink", { params: z.strictObject({ ...shared, slack_channel: z.string(), api_key: z.string() }) }],
  ["webhook_sink", { params: z.strictObject({ ...shared, url: z.url(), size_limit: z.int().default(4096) }) }],
]);

export const vocabulary: Vocabulary = { triggers, actions, sinkTypes };
