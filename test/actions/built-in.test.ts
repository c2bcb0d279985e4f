import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as actions from "../../src/actions/all.ts";
import { isAction } from "../../src/playbooks/action.ts";

const folder = new URL("../../src/actions/", import.meta.url);
const camelCase = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Of every action that asks Prometheus. */
const prometheus =
  "prometheus_url prometheus_auth prometheus_url_query_string prometheus_additional_headers prometheus_additional_labels add_additional_labels prometheus_graphs_overrides prometheus_aws";
const resourceGraph = `${prometheus} resource_type graph_duration_minutes`;

/** What the built-in actions take and do, by their names. */
const table = {
  alert_definition_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  alert_explanation_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: "alert_explanation recommended_resolution",
  },
  alert_foreign_logs_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params:
      "container_name warn_on_missing_label regex_replacer_patterns regex_replacement_style previous filter_regex label_selectors title_override",
  },
  alert_graph_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: `${resourceGraph} item_type` },
  alert_handling_job: {
    on: "PrometheusKubernetesAlert",
    effects: "change",
    params:
      "image command name namespace service_account restart_policy job_ttl_after_finished notify wait_for_completion completion_timeout backoff_limit active_deadline_seconds env",
  },
  alert_on_hpa_reached_limit: { on: "HorizontalPodAutoscalerChangeEvent", effects: "read", params: "increase_pct" },
  api_service_status_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  button_enricher: { on: "KubernetesResourceEvent", effects: "read", params: "button_text button_url" },
  cordon: { on: "NodeEvent", effects: "change", params: "" },
  cpu_overcommited_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: `${prometheus} default_query_duration`,
  },
  cpu_throttling_analysis_enricher: { on: "PodEvent", effects: "read", params: "" },
  create_event_finding: { on: "EventChangeEvent", effects: "read", params: "aggregation_key" },
  create_finding: { on: "ExecutionBaseEvent", effects: "read", params: "title aggregation_key description severity" },
  custom_graph_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: `${prometheus} promql_query graph_title graph_duration_minutes chart_values_format hide_legends`,
  },
  customise_finding: {
    on: "ExecutionBaseEvent",
    effects: "read",
    params: "title description severity aggregation_key finding_label_rules",
  },
  daemonset_misscheduled_analysis_enricher: { on: "DaemonSetEvent", effects: "read", params: "" },
  daemonset_misscheduled_smart_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  daemonset_status_enricher: { on: "DaemonSetEvent", effects: "read", params: "" },
  default_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: "alert_annotations_enrichment alert_generator_link",
  },
  delete_alert_pod: { on: "PrometheusKubernetesAlert", effects: "destroy", params: "rate_limit rate_limit_field" },
  delete_job: { on: "JobEvent", effects: "destroy", params: "" },
  delete_pod: { on: "PodEvent", effects: "destroy", params: "" },
  deployment_events_enricher: {
    on: "DeploymentEvent",
    effects: "read",
    params: "max_events included_types dependent_pod_mode max_pods",
  },
  deployment_status_enricher: { on: "DeploymentEvent", effects: "read", params: "" },
  drain: { on: "NodeEvent", effects: "destroy", params: "" },
  enrich_pod_with_node_events: { on: "PodEvent", effects: "read", params: "max_events included_types" },
  event_report: { on: "EventChangeEvent", effects: "read", params: "" },
  event_resource_events: { on: "EventChangeEvent", effects: "read", params: "" },
  fetch_resource_events: { on: "ExecutionBaseEvent", effects: "read", params: "kind name namespace" },
  fetch_resource_yaml: { on: "ExecutionBaseEvent", effects: "read", params: "kind name namespace" },
  foreign_logs_enricher: {
    on: "ExecutionBaseEvent",
    effects: "read",
    params:
      "container_name warn_on_missing_label regex_replacer_patterns regex_replacement_style previous filter_regex label_selectors title_override",
  },
  get_resource_yaml: { on: "KubernetesResourceEvent", effects: "read", params: "" },
  graph_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: `${prometheus} graph_duration_minutes`,
  },
  hpa_events_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "max_events included_types" },
  hpa_mismatch_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: "max_events included_types check_for_metrics_server",
  },
  http_get: { on: "ExecutionBaseEvent", effects: "read", params: "url get_response params" },
  http_post: { on: "ExecutionBaseEvent", effects: "change", params: "url data headers get_response" },
  http_put: { on: "ExecutionBaseEvent", effects: "change", params: "url data headers get_response" },
  image_pull_backoff_reporter: { on: "PodEvent", effects: "read", params: "rate_limit" },
  job_events_enricher: { on: "JobEvent", effects: "read", params: "max_events included_types" },
  job_info_enricher: { on: "JobEvent", effects: "read", params: "" },
  job_pod_enricher: {
    on: "JobEvent",
    effects: "read",
    params:
      "max_events included_types container_name warn_on_missing_label regex_replacer_patterns regex_replacement_style previous filter_regex events logs",
  },
  json_change_tracker: { on: "KubernetesAnyChangeEvent", effects: "change", params: "url headers" },
  kubectl_describe: { on: "ExecutionBaseEvent", effects: "read", params: "kind name namespace" },
  list_pods: { on: "ExecutionBaseEvent", effects: "read", params: "name namespace limit" },
  list_resource_names: { on: "ExecutionBaseEvent", effects: "read", params: "kind namespace" },
  logs_enricher: {
    on: "PodEvent",
    effects: "read",
    params:
      "container_name warn_on_missing_label regex_replacer_patterns regex_replacement_style previous filter_regex",
  },
  memory_overcommited_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: `${prometheus} default_query_duration`,
  },
  mention_enricher: {
    on: "KubernetesResourceEvent",
    effects: "read",
    params: "static_mentions mentions_label message_template",
  },
  minimal_default_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  name_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "names" },
  node_allocatable_resources_enricher: { on: "NodeEvent", effects: "read", params: "" },
  node_bash_enricher: {
    on: "NodeEvent",
    effects: "change",
    params: "bash_command custom_annotations debug_image debug_namespace",
  },
  node_cpu_enricher: { on: "NodeEvent", effects: "read", params: prometheus },
  node_dmesg_enricher: { on: "NodeEvent", effects: "change", params: "custom_annotations debug_image debug_namespace" },
  node_graph_enricher: { on: "NodeEvent", effects: "read", params: resourceGraph },
  node_health_watcher: { on: "NodeChangeEvent", effects: "read", params: "" },
  node_pods_capacity_enricher: { on: "NodeEvent", effects: "read", params: "" },
  node_restart_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "post_restart_silence" },
  node_running_pods_enricher: { on: "NodeEvent", effects: "read", params: "" },
  node_status_enricher: { on: "NodeEvent", effects: "read", params: "" },
  oom_killer_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: `${prometheus} new_oom_kills_duration_in_sec metrics_duration_in_secs`,
  },
  oomkilled_container_graph_enricher: { on: "PodEvent", effects: "read", params: `${resourceGraph} delay_graph_s` },
  pod_dmesg_enricher: { on: "PodEvent", effects: "change", params: "custom_annotations debug_image debug_namespace" },
  pod_events_enricher: { on: "PodEvent", effects: "read", params: "max_events included_types" },
  pod_evicted_enricher: { on: "PodEvent", effects: "read", params: "" },
  pod_graph_enricher: { on: "PodEvent", effects: "read", params: `${resourceGraph} display_limits` },
  pod_issue_investigator: { on: "KubernetesResourceEvent", effects: "read", params: "" },
  pod_node_graph_enricher: { on: "PodEvent", effects: "read", params: resourceGraph },
  pod_oom_killer_enricher: {
    on: "PodEvent",
    effects: "read",
    params: `${resourceGraph} delay_graph_s attach_logs container_memory_graph node_memory_graph dmesg_log`,
  },
  pod_ps: { on: "PodEvent", effects: "change", params: "custom_annotations debug_image debug_namespace" },
  pod_status_silencer: { on: "PodEvent", effects: "read", params: "include exclude" },
  prometheus_enricher: {
    on: "ExecutionBaseEvent",
    effects: "read",
    params: `${prometheus} promql_query duration step`,
  },
  prometheus_rules_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  prometheus_sla_enricher: {
    on: "ExecutionBaseEvent",
    effects: "read",
    params: `${prometheus} promql_query operator threshold`,
  },
  related_pods: { on: "KubernetesResourceEvent", effects: "read", params: "output_format include_raw_data limit" },
  report_crash_loop: { on: "PodEvent", effects: "read", params: "regex_replacer_patterns regex_replacement_style" },
  report_image_changes: { on: "KubernetesAnyChangeEvent", effects: "read", params: "" },
  resource_babysitter: { on: "KubernetesAnyChangeEvent", effects: "read", params: "ignored_namespaces" },
  resource_events_enricher: {
    on: "KubernetesResourceEvent",
    effects: "read",
    params: "max_events included_types dependent_pod_mode max_pods",
  },
  restart_loop_reporter: { on: "PodEvent", effects: "read", params: "rate_limit restart_reason" },
  rollout_restart: { on: "KubernetesResourceEvent", effects: "change", params: "" },
  scale_hpa_callback: { on: "HorizontalPodAutoscalerEvent", effects: "change", params: "max_replicas" },
  severity_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "severity" },
  silence_alert: { on: "PrometheusKubernetesAlert", effects: "read", params: "log_silence" },
  statefulset_replicas_enricher: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  status_enricher: { on: "KubernetesResourceEvent", effects: "read", params: "show_details" },
  target_down_dns_silencer: { on: "PrometheusKubernetesAlert", effects: "read", params: "" },
  template_enricher: { on: "KubernetesResourceEvent", effects: "read", params: "template" },
  uncordon: { on: "NodeEvent", effects: "change", params: "" },
  version_mismatch_enricher: {
    on: "PrometheusKubernetesAlert",
    effects: "read",
    params: `${prometheus} version_mismatch_query`,
  },
  warning_events_report: { on: "EventChangeEvent", effects: "read", params: "warning_event_groups" },
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
});
