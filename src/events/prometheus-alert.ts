import type { Alert } from "../delivery.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";
import {
  CronJobEvent,
  DaemonSetEvent,
  DeploymentEvent,
  HorizontalPodAutoscalerEvent,
  IngressEvent,
  JobEvent,
  NamespaceEvent,
  NodeEvent,
  PersistentVolumeClaimEvent,
  PersistentVolumeEvent,
  PodDisruptionBudgetEvent,
  PodEvent,
  ReplicaSetEvent,
  ServiceEvent,
  StatefulSetEvent,
} from "./kubernetes.gen.ts";

/** An alert, and every object that its labels name: those of the first seven classes as in the model, the others beyond it. */
export interface PrometheusKubernetesAlert
  extends PodEvent,
    NodeEvent,
    DeploymentEvent,
    JobEvent,
    DaemonSetEvent,
    StatefulSetEvent,
    HorizontalPodAutoscalerEvent,
    CronJobEvent,
    ReplicaSetEvent,
    PersistentVolumeClaimEvent,
    PersistentVolumeEvent,
    PodDisruptionBudgetEvent,
    IngressEvent,
    ServiceEvent,
    NamespaceEvent,
    Is<"PrometheusKubernetesAlert"> {
  /** As received, after relabelling. */
  readonly alert: Alert;
  readonly alertName: string;
  /** The label as sent (`warning`), or "" without one. */
  readonly alertSeverity: string;
  /**
   * Which repeat of the alert this is: 0 when it begins to fire, 1 and up when the playbook runs again because its trigger has a `repeat`
   * and the alert fires on. Playbooks with other periods count together, so numbers may be left out.
   */
  readonly repeat: number;
  /** The annotation `summary`, else the alert's name. */
  getTitle(): string;
  getDescription(): string | undefined;
  /** The query that fired, from the alert's link to Prometheus. */
  getPrometheusQuery(): string | undefined;
}
export const PrometheusKubernetesAlert: EventClass<PrometheusKubernetesAlert> = eventClass(
  "PrometheusKubernetesAlert",
  PodEvent,
  NodeEvent,
  DeploymentEvent,
  JobEvent,
  DaemonSetEvent,
  StatefulSetEvent,
  HorizontalPodAutoscalerEvent,
  CronJobEvent,
  ReplicaSetEvent,
  PersistentVolumeClaimEvent,
  PersistentVolumeEvent,
  PodDisruptionBudgetEvent,
  IngressEvent,
  ServiceEvent,
  NamespaceEvent,
);
