/**
 * The playbooks that are there without any configuration, as data that stands where a configuration has none of its own: what reads
 * them is what reads a user's. Names, triggers and params are those of Robusta's Helm values; what names an action or a trigger that
 * Cortado does not have yet is listed in `test/playbooks/builtin-playbooks.test.ts`.
 */

type Named = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface BuiltinPlaybook {
  readonly name: string;
  readonly triggers: readonly Named[];
  readonly actions: readonly Named[];
  readonly stop?: true;
}

const onAlert = (alert_name: string, more: Readonly<Record<string, unknown>> = {}): Named => ({
  on_prometheus_alert: { alert_name, ...more },
});

const graphOf = (resource_type: string, item_type: string): Named => ({
  alert_graph_enricher: { resource_type, item_type },
});

/** Silences by name. The triggers name the alerts too, so that the playbook has nothing to do with all the others. */
const silencer = (name: string, names: readonly string[], more: Readonly<Record<string, unknown>> = {}) => ({
  name,
  triggers: names.map((alert) => onAlert(alert, { status: "all", ...more })),
  actions: [{ name_silencer: { names } }],
});

const onOneMachine = { k8s_providers: ["Minikube", "Kind", "RancherDesktop"] };

/** What fires by design, or where nobody can do anything about it. They run before all others. */
export const priorityBuiltinPlaybooks: readonly BuiltinPlaybook[] = [
  silencer("CommonPrometheusAlertsSilencer", [
    "Watchdog",
    "KubeSchedulerDown",
    "KubeControllerManagerDown",
    "InfoInhibitor",
  ]),
  silencer(
    "MiniClustersPrometheusAlertsSilencer",
    ["etcdInsufficientMembers", "etcdMembersDown", "NodeClockNotSynchronising", "PrometheusTSDBCompactionsFailing"],
    onOneMachine,
  ),
  silencer("GKEProviderAlertsAlertsSilencer", ["KubeletDown"], { k8s_providers: ["GKE"] }),
  {
    name: "DONodeAgentCPUThrottlingHighAlertSilencer",
    triggers: [onAlert("CPUThrottlingHigh", { k8s_providers: ["DigitalOcean"], pod_name_prefix: "do-node-agent" })],
    actions: [{ silence_alert: { log_silence: true } }],
  },
  {
    name: "TargetDownSilencer",
    triggers: [onAlert("TargetDown")],
    actions: [{ target_down_dns_silencer: {} }],
  },
];

const fullDisk = ["NodeFilesystemSpaceFillingUp", "NodeFilesystemAlmostOutOfSpace"];

/** What is worth knowing of pods in trouble, and of the alerts that most clusters have. They run after all others. */
export const builtinPlaybooks: readonly BuiltinPlaybook[] = [
  {
    name: "CrashLoopBackOff",
    triggers: [{ on_pod_crash_loop: { restart_reason: "CrashLoopBackOff" } }],
    actions: [{ report_crash_loop: {} }],
  },
  {
    name: "ImagePullBackOff",
    triggers: [{ on_image_pull_backoff: {} }],
    actions: [{ image_pull_backoff_reporter: {} }],
  },
  {
    name: "PodEvicted",
    triggers: [{ on_pod_evicted: {} }],
    actions: [{ pod_evicted_enricher: {} }, { pod_events_enricher: {} }, { enrich_pod_with_node_events: {} }],
  },
  {
    name: "PodOOMKill",
    triggers: [{ on_pod_oom_killed: { rate_limit: 3600 } }],
    actions: [
      {
        pod_oom_killer_enricher: {
          attach_logs: true,
          container_memory_graph: true,
          node_memory_graph: true,
          dmesg_log: false,
        },
      },
    ],
    stop: true,
  },
  {
    name: "KubePodCrashLooping",
    triggers: [onAlert("KubePodCrashLooping")],
    actions: [{ logs_enricher: {} }, { pod_events_enricher: {} }],
  },
  {
    name: "PrometheusRuleFailures",
    triggers: [onAlert("PrometheusRuleFailures")],
    actions: [{ prometheus_rules_enricher: {} }, { logs_enricher: { filter_regex: ".*Evaluating rule failed.*" } }],
  },
  {
    name: "KubeCPUOvercommit",
    triggers: [onAlert("KubeCPUOvercommit")],
    actions: [{ cpu_overcommited_enricher: {} }],
  },
  {
    name: "KubeMemoryOvercommit",
    triggers: [onAlert("KubeMemoryOvercommit")],
    actions: [{ memory_overcommited_enricher: {} }],
  },
  {
    name: "KubePodNotReady",
    triggers: [onAlert("KubePodNotReady")],
    actions: [{ logs_enricher: {} }, { pod_events_enricher: {} }, { pod_issue_investigator: {} }],
  },
  {
    name: "KubeContainerWaiting",
    triggers: [onAlert("KubeContainerWaiting")],
    actions: [{ pod_issue_investigator: {} }, { pod_events_enricher: {} }],
  },
  {
    name: "KubeHpaReplicasMismatch",
    triggers: [onAlert("KubeHpaReplicasMismatch")],
    actions: [{ hpa_mismatch_enricher: {} }],
  },
  {
    name: "KubeJobAlerts",
    triggers: [onAlert("KubeJobFailed"), onAlert("KubeJobCompletion"), onAlert("KubeJobNotCompleted")],
    actions: [{ job_info_enricher: {} }, { job_events_enricher: {} }, { job_pod_enricher: {} }],
  },
  {
    name: "KubeAggregatedAPIDown",
    triggers: [onAlert("KubeAggregatedAPIDown")],
    actions: [{ api_service_status_enricher: {} }],
  },
  {
    name: "KubeletTooManyPods",
    triggers: [onAlert("KubeletTooManyPods")],
    actions: [
      { node_pods_capacity_enricher: {} },
      {
        alert_explanation_enricher: {
          alert_explanation: "The node runs nearly as many pods as it may.",
          recommended_resolution:
            "Check that workloads request the resources that they need, so that they are spread. If pods cannot be scheduled, add nodes.",
        },
      },
    ],
  },
  {
    name: "KubeNodeNotReady",
    triggers: [onAlert("KubeNodeNotReady")],
    actions: [
      { node_allocatable_resources_enricher: {} },
      { node_running_pods_enricher: {} },
      { status_enricher: { show_details: true } },
    ],
  },
  {
    name: "KubeNodeUnreachable",
    triggers: [onAlert("KubeNodeUnreachable")],
    actions: [{ resource_events_enricher: {} }, { node_status_enricher: {} }],
  },
  {
    name: "KubeStatefulSetReplicasMismatch",
    triggers: [onAlert("KubeStatefulSetReplicasMismatch")],
    actions: [
      { resource_events_enricher: { dependent_pod_mode: true } },
      { statefulset_replicas_enricher: {} },
      { pod_issue_investigator: {} },
    ],
  },
  {
    name: "KubeStatefulSetUpdateNotRolledOut",
    triggers: [onAlert("KubeStatefulSetUpdateNotRolledOut")],
    actions: [{ related_pods: {} }, { statefulset_replicas_enricher: {} }],
  },
  {
    name: "KubeDaemonSetRolloutStuck",
    triggers: [onAlert("KubeDaemonSetRolloutStuck")],
    actions: [{ resource_events_enricher: {} }, { related_pods: {} }, { daemonset_status_enricher: {} }],
  },
  {
    name: "K8sMisscheduled",
    triggers: [onAlert("KubernetesDaemonsetMisscheduled"), onAlert("KubeDaemonSetMisScheduled")],
    actions: [{ daemonset_status_enricher: {} }, { daemonset_misscheduled_analysis_enricher: {} }],
  },
  {
    name: "HostHighCpuLoad",
    triggers: [onAlert("HostHighCpuLoad")],
    actions: [{ node_cpu_enricher: {} }, graphOf("CPU", "Node")],
  },
  {
    name: "HostOomKillDetected",
    triggers: [onAlert("HostOomKillDetected")],
    actions: [{ oom_killer_enricher: {} }, graphOf("Memory", "Node")],
  },
  {
    name: "NodeFSSpaceAlerts",
    triggers: fullDisk.map((alert) => onAlert(alert)),
    actions: [graphOf("Disk", "Node")],
  },
  {
    // Its analysis may silence the alert, whichever phase it is in.
    name: "CPUThrottlingHigh",
    triggers: [onAlert("CPUThrottlingHigh", { status: "all" })],
    actions: [{ cpu_throttling_analysis_enricher: {} }, graphOf("CPU", "Pod")],
  },
  {
    name: "DeploymentReplicasMismatch",
    triggers: [onAlert("KubernetesDeploymentReplicasMismatch"), onAlert("KubeDeploymentReplicasMismatch")],
    actions: [
      { pod_issue_investigator: {} },
      { deployment_events_enricher: { included_types: ["Warning"] } },
      { deployment_events_enricher: { included_types: ["Warning", "Normal"], dependent_pod_mode: true } },
    ],
  },
  {
    name: "KubeVersionMismatch",
    triggers: [onAlert("KubeVersionMismatch")],
    actions: [{ version_mismatch_enricher: {} }],
  },
  {
    name: "DefaultPrometheusAlertEnricher",
    triggers: [{ on_prometheus_alert: { status: "all" } }],
    actions: [{ default_enricher: {} }],
  },
  {
    name: "MiniClusterNodeFSSpaceAlerts",
    triggers: fullDisk.map((alert) => onAlert(alert, onOneMachine)),
    actions: [
      {
        alert_explanation_enricher: {
          alert_explanation: "The file system of the node is running out of space.",
          recommended_resolution: "Clusters on one machine often have a small disk; give theirs more space.",
        },
      },
    ],
  },
];
