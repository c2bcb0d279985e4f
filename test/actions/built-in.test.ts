import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as actions from "../../src/actions/all.ts";
import { isAction } from "../../src/playbooks/action.ts";

const folder = new URL("../../src/actions/", import.meta.url);
const camelCase = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What the built-in actions take and do, by their names. */
const table = {
  alert_definition_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  alert_explanation_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: "alert_explanation recommended_resolution",
  },
  button_enricher: { on: "KubernetesResourceEvent", effects: "read", params: "button_text button_url" },
  cordon: { on: "NodeEvent", effects: "change", params: "" },
  create_finding: { on: "ExecutionBaseEvent", effects: "read", params: "title aggregation_key description severity" },
  customise_finding: {
    on: "ExecutionBaseEvent",
    effects: "read",
    params: "title description severity aggregation_key finding_label_rules",
  },
  daemonset_status_enricher: { on: "DaemonSetEvent", effects: "read", params: "" },
  default_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: "alert_annotations_enrichment alert_generator_link",
  },
  delete_pod: { on: "PodEvent", effects: "destroy", params: "" },
  deployment_status_enricher: { on: "DeploymentEvent", effects: "read", params: "" },
  drain: { on: "NodeEvent", effects: "destroy", params: "" },
  hpa_events_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "max_events included_types" },
  hpa_mismatch_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: "max_events included_types check_for_metrics_server",
  },
  logs_enricher: {
    on: "PodEvent",
    effects: "read",
    params:
      "container_name warn_on_missing_label regex_replacer_patterns regex_replacement_style previous filter_regex",
  },
  mention_enricher: {
    on: "KubernetesResourceEvent",
    effects: "read",
    params: "static_mentions mentions_label message_template",
  },
  minimal_default_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  name_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "names" },
  node_allocatable_resources_enricher: { on: "NodeEvent", effects: "read", params: "" },
  node_pods_capacity_enricher: { on: "NodeEvent", effects: "read", params: "" },
  node_restart_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "post_restart_silence" },
  node_running_pods_enricher: { on: "NodeEvent", effects: "read", params: "" },
  node_status_enricher: { on: "NodeEvent", effects: "read", params: "" },
  pod_events_enricher: { on: "PodEvent", effects: "read", params: "max_events included_types" },
  pod_status_silencer: { on: "PodEvent", effects: "read", params: "include exclude" },
  report_crash_loop: { on: "PodEvent", effects: "read", params: "regex_replacer_patterns regex_replacement_style" },
  rollout_restart: { on: "KubernetesResourceEvent", effects: "change", params: "" },
  scale_hpa_callback: { on: "HorizontalPodAutoscalerEvent", effects: "change", params: "max_replicas" },
  severity_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "severity" },
  silence_alert: { on: "PrometheusKubernetesAlert", effects: "read", params: "log_silence" },
  statefulset_replicas_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  template_enricher: { on: "KubernetesResourceEvent", effects: "read", params: "template" },
  uncordon: { on: "NodeEvent", effects: "change", params: "" },
};

describe("the built-in actions", () => {
  it("are one in a file, all of which are in the repository's entry", () => {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "all.ts")
      .map(({ name }) => name.replace(/\.ts$/, "").replaceAll("-", "_"));
    expect(files.sort()).toEqual(Object.keys(table));
    expect(Object.keys(actions).sort()).toEqual(Object.keys(table).map(camelCase));
  });

  it.each(Object.entries(table))("%s is what the table says", async (name, { on, effects, params }) => {
    const module: object = await import(new URL(`${name.replaceAll("_", "-")}.ts`, folder).href);
    const action: unknown = Reflect.get(module, camelCase(name));
    if (!isAction(action)) throw new Error(`${camelCase(name)} is no action`);
    const schema = z.toJSONSchema(action.params, { io: "input" });
    expect({
      name: action.name,
      on: action.on.name,
      effects: action.effects,
      params: Object.keys(schema.properties ?? {}).join(" "),
      strict: schema.additionalProperties === false,
    }).toEqual({ name, on, effects, params, strict: true });
    expect(action.description).toMatch(/^[A-Z].*\.$/);
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      expect(property, key).toHaveProperty("description");
    }
  });

  it("need of the cluster no more than they say", () => {
    const verbs = Object.values(actions).flatMap(({ name, permissions }) =>
      permissions.flatMap((rule) => rule.resources.map((resource) => `${name}: ${rule.verbs.join(",")} ${resource}`)),
    );
    expect(verbs.sort()).toEqual([
      "cordon: get,patch nodes",
      "daemonset_status_enricher: get daemonsets",
      "delete_pod: get,delete pods",
      "deployment_status_enricher: get deployments",
      "drain: create pods/eviction",
      "drain: get,list pods",
      "drain: get,patch nodes",
      "hpa_events_enricher: get horizontalpodautoscalers",
      "hpa_events_enricher: list events",
      "hpa_mismatch_enricher: get horizontalpodautoscalers",
      "hpa_mismatch_enricher: list deployments",
      "hpa_mismatch_enricher: list events",
      "logs_enricher: get pods",
      "logs_enricher: get pods/log",
      "node_allocatable_resources_enricher: get nodes",
      "node_allocatable_resources_enricher: list pods",
      "node_pods_capacity_enricher: get nodes",
      "node_pods_capacity_enricher: list pods",
      "node_restart_silencer: get nodes",
      "node_restart_silencer: get pods",
      "node_running_pods_enricher: get nodes",
      "node_running_pods_enricher: list pods",
      "node_status_enricher: get nodes",
      "pod_events_enricher: get pods",
      "pod_events_enricher: list events",
      "pod_status_silencer: get pods",
      "report_crash_loop: get pods",
      "report_crash_loop: get pods/log",
      "rollout_restart: get pods",
      "rollout_restart: get replicasets",
      "rollout_restart: get,patch daemonsets",
      "rollout_restart: get,patch deployments",
      "rollout_restart: get,patch statefulsets",
      "scale_hpa_callback: get,patch horizontalpodautoscalers",
      "statefulset_replicas_enricher: get statefulsets",
      "statefulset_replicas_enricher: list pods",
      "statefulset_replicas_enricher: list replicasets",
      "uncordon: get,patch nodes",
    ]);
  });
});
