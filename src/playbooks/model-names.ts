/**
 * The names that users of Robusta have in their configurations. A name that stands here and
 * is not there in Cortado is told apart from a typing error.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const changedKinds = words(`
  pod replicaset daemonset deployment statefulset service event horizontalpodautoscaler node clusterrole clusterrolebinding
  job namespace serviceaccount persistentvolume persistentvolumeclaim networkpolicy configmap ingress secret
  kubernetes_any_resource
`);

export const modelTriggers: ReadonlySet<string> = new Set([
  ...[...changedKinds].flatMap((kind) =>
    ["create", "update", "delete", "all_changes"].map((change) => `on_${kind}_${change}`),
  ),
  ...words(`
  on_prometheus_alert on_schedule on_kubernetes_warning_event on_kubernetes_warning_event_create
  on_kubernetes_warning_event_update on_kubernetes_warning_event_delete on_pod_crash_loop on_image_pull_backoff
  on_pod_oom_killed on_container_oom_killed on_pod_evicted on_job_failure on_kubernetes_resource_operation
  on_helm_release_unhealthy on_helm_release_fail on_helm_release_deploy
`),
]);

export const modelActions: ReadonlySet<string> = words(`
  ack_opsgenie_alert_from_slack add_alert_lines_to_grafana add_deployment_lines_to_grafana add_silence
  alert_definition_enricher alert_explanation_enricher alert_foreign_logs_enricher alert_graph_enricher alert_handling_job
  alert_on_hpa_reached_limit alertmanager_alert api_service_status_enricher argo_app_sync ask_holmes button_enricher
  cleanup_robusta_pods cluster_discovery_updates config_ab_testing cordon count_pod_creations cpu_overcommited_enricher
  cpu_throttling_analysis_enricher create_event_finding create_finding create_pvc_snapshot custom_graph_enricher
  customise_finding daemonset_fix_config daemonset_misscheduled_analysis_enricher daemonset_misscheduled_smart_silencer
  daemonset_silence_false_alarm daemonset_status_enricher debugger_stack_trace default_enricher delete_alert_pod delete_job
  delete_pod delete_silence deployment_events_enricher deployment_status_enricher deployment_status_report disk_benchmark
  drain echo enrich_pod_with_node_events event_history event_report event_resource_events external_video_enricher
  fail_krr_scan fetch_cr_instances fetch_crds fetch_resource_events fetch_resource_yaml foreign_logs_enricher
  generate_high_cpu get_resource_yaml get_silences git_change_audit graph_enricher handle_alertmanager_event
  helm_status_enricher holmes_chat holmes_conversation holmes_issue_chat holmes_oauth hpa_events_enricher
  hpa_mismatch_enricher http_get http_post http_put http_stress_test image_pull_backoff_reporter incluster_ping
  java_process_inspector job_events_enricher job_info_enricher job_pod_enricher job_restart_on_oomkilled_community
  json_change_tracker krr_scan kubectl_command kubectl_describe list_pods list_resource_names logs_enricher
  memory_overcommited_enricher mention_enricher minimal_default_enricher name_silencer node_allocatable_resources_enricher
  node_bash_enricher node_cpu_enricher node_disk_analyzer node_dmesg_enricher node_graph_enricher node_health_watcher
  node_pods_capacity_enricher node_restart_silencer node_running_pods_enricher node_status_enricher oom_killer_enricher
  oomkilled_container_graph_enricher opsgenie_slack_enricher pod_bash_enricher pod_dmesg_enricher pod_events_enricher
  pod_evicted_enricher pod_graph_enricher pod_issue_investigator pod_jmap_pid pod_jstack_pid pod_node_graph_enricher
  pod_oom_killer_enricher pod_ps pod_status_silencer popeye_scan process_scan prometheus_alert
  prometheus_all_available_metrics prometheus_enricher prometheus_get_label_names prometheus_get_series
  prometheus_rules_enricher prometheus_sla_enricher python_debugger python_memory python_process_inspector python_profiler
  related_pods report_crash_loop report_image_changes report_rendering_task resource_babysitter resource_events_diff
  resource_events_enricher restart_loop_reporter restart_named_rollout rollout_restart scale_hpa_callback severity_silencer
  show_stackoverflow_search silence_alert stack_overflow_enricher statefulset_replicas_enricher status_enricher
  target_down_dns_enricher target_down_dns_silencer template_enricher test_pod_orm trigger_workflow uncordon
  version_mismatch_enricher volume_analysis warning_events_report
`);

/** The playbooks that come with its Helm chart. */
export const modelPlaybooks: ReadonlySet<string> = words(`
  CommonPrometheusAlertsSilencer MiniClustersPrometheusAlertsSilencer GKEProviderAlertsAlertsSilencer
  DONodeAgentCPUThrottlingHighAlertSilencer TargetDownSilencer
  CrashLoopBackOff ImagePullBackOff PodEvicted KrrJobFailed PodOOMKill KubePodCrashLooping PrometheusRuleFailures
  KubeCPUOvercommit KubeMemoryOvercommit KubePodNotReady KubeContainerWaiting KubeHpaReplicasMismatch KubeJobAlerts
  KubeAggregatedAPIDown KubeletTooManyPods KubeNodeNotReady KubeNodeUnreachable KubeStatefulSetReplicasMismatch
  KubeStatefulSetUpdateNotRolledOut KubeDaemonSetRolloutStuck K8sMisscheduled HostHighCpuLoad HostOomKillDetected
  NodeFSSpaceAlerts CPUThrottlingHigh DeploymentReplicasMismatch KubeVersionMismatch DefaultPrometheusAlertEnricher
  MiniClusterNodeFSSpaceAlerts
  PodEvictionReport K8sWarningEventsReport K8sChangeTracking IngressChangeTracking EventBasedChangeTracking K8sJobFailure
  WeeklyKRRScan RobustaMaintenance
`);

export const modelSinks: ReadonlySet<string> = words(`
  slack_sink slack_sink_preview robusta_sink ms_teams_sink discord_sink mattermost_sink rocketchat_sink telegram_sink
  webex_sink google_chat_sink zulip_sink yamessenger_sink pushover_sink mail_sink pagerduty_sink opsgenie_sink
  victorops_sink incidentio_sink jira_sink service_now_sink datadog_sink kafka_sink webhook_sink file_sink
`);
