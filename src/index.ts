/** What an action author imports: `import { action, PodEvent, markdown } from "cortado"`. */

// Events
export type { Alert, Operation } from "./delivery.ts";
export {
  ExecutionBaseEvent,
  type FindingOverrides,
  KubernetesAnyChangeEvent,
  KubernetesResourceEvent,
  type NewFinding,
} from "./events/event.ts";
export { type EventClass, isA } from "./events/event-class.ts";
export { type HelmRelease, HelmReleasesEvent, type HelmStatus } from "./events/helm-releases.ts";
export * from "./events/kubernetes.gen.ts";
export { PrometheusKubernetesAlert } from "./events/prometheus-alert.ts";
export { ScheduledExecutionEvent } from "./events/scheduled-execution.ts";
// Findings
export type * from "./findings/blocks.ts";
export {
  analysis,
  callback,
  diff,
  divider,
  emptyFile,
  events,
  file,
  header,
  json,
  links,
  list,
  markdown,
  table,
} from "./findings/blocks.ts";
export { dedent } from "./findings/dedent.ts";
export type { Enrichment, EnrichmentType, Finding, Link, LinkType, Severity, Subject } from "./findings/finding.ts";
export { type GraphInput, type GraphOptions, graph } from "./findings/graph.ts";
export { kubernetesFields } from "./findings/kubernetes-fields.ts";
export { gradeOf, type ScanBlock, type ScanRow, type ScanSeverity, scan } from "./findings/scan.ts";
export { fillTemplate } from "./findings/template.ts";
export { createJob, type EnvironmentVariable, type JobOptions } from "./kubernetes/create-job.ts";
export { parseKubernetesDatetime } from "./kubernetes/datetime.ts";
export { type JobEnd, jobEnd, latestJobPod } from "./kubernetes/job-result.ts";
export { type Kind, type KindInfo, kindNamed, kinds } from "./kubernetes/kinds.ts";
// The cluster
export type {
  Cluster,
  ExecOptions,
  ExecResult,
  ListOptions,
  LogOptions,
  Patch,
  PodLogOptions,
} from "./kubernetes/kubernetes.ts";
export { toKubernetesName } from "./kubernetes/names.ts";
export type * from "./kubernetes/objects.gen.ts";
export type { KubernetesObject, ObjectMeta, OwnerReference } from "./kubernetes/objects.ts";
export {
  controllerOf,
  findPod,
  hasToleration,
  imagesByContainer,
  imagesOf,
  isPodReady,
  podLimit,
  podRequest,
} from "./kubernetes/pod-facts.ts";
export { parseKubernetesQuantity } from "./kubernetes/quantity.ts";
export { relatedPods } from "./kubernetes/related-pods.ts";
export { type JobResult, type JobWaiting, runJob, waitForJob } from "./kubernetes/run-job.ts";
export {
  type NodeAccess,
  type NodeCommand,
  type NodeCommandResult,
  type NodeCommandWaiting,
  runOnNode,
} from "./kubernetes/run-on-node.ts";
export { toYaml } from "./kubernetes/to-yaml.ts";
export { type NotYet, notYet, pause, type Waiting, waitFor } from "./kubernetes/wait.ts";
export { type Awaited, waitForDeploymentReady, waitForPod, waitForPodReady } from "./kubernetes/wait-for-workloads.ts";
// Actions
export type { Logger } from "./log.ts";
export {
  type Action,
  type ActionContext,
  type ActionDefinition,
  action,
  type Effects,
  type PermissionRule,
  type Step,
} from "./playbooks/action.ts";
// Playbooks in TypeScript
export { type PlaybookDefinition, playbook, type TypedPlaybook } from "./playbooks/playbook.ts";
// Prometheus
export { type PrometheusParams, prometheusParams } from "./prometheus/params.ts";
export {
  escapeLabelValue,
  type Prometheus,
  type QueryOptions,
  type QueryRange,
  type Sample,
  type Series,
} from "./prometheus/prometheus.ts";
export type { RateLimiter, RateLimitOptions } from "./state/state.ts";
// Params
export { expandMatch, regexProblem } from "./tools/regex.ts";
export {
  onKubernetesAnyResourceAllChanges,
  onKubernetesAnyResourceCreate,
  onKubernetesAnyResourceDelete,
  onKubernetesAnyResourceUpdate,
  onKubernetesResourceOperation,
} from "./triggers/any-resource.ts";
export { diffByName } from "./triggers/diff.ts";
export { onJobFailure } from "./triggers/job-failure.ts";
export * from "./triggers/kinds.gen.ts";
export {
  onContainerOomKilled,
  onImagePullBackoff,
  onPodCrashLoop,
  onPodEvicted,
  onPodOomKilled,
} from "./triggers/pod-troubles.ts";
export { onPrometheusAlert } from "./triggers/prometheus-alert.ts";
export {
  onKubernetesWarningEvent,
  onKubernetesWarningEventCreate,
  onKubernetesWarningEventDelete,
  onKubernetesWarningEventUpdate,
} from "./triggers/warning-events.ts";
