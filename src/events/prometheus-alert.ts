import type { Alert } from "../delivery.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";
import {
  DaemonSetEvent,
  DeploymentEvent,
  HorizontalPodAutoscalerEvent,
  JobEvent,
  NodeEvent,
  PodEvent,
  StatefulSetEvent,
} from "./kubernetes.gen.ts";

/** An alert, and every object that its labels name. */
export interface PrometheusKubernetesAlert
  extends PodEvent,
    NodeEvent,
    DeploymentEvent,
    JobEvent,
    DaemonSetEvent,
    StatefulSetEvent,
    HorizontalPodAutoscalerEvent,
    Is<"PrometheusKubernetesAlert"> {
  /** As received, after relabelling. */
  readonly alert: Alert;
  readonly alertName: string;
  /** The label as sent (`warning`), or "" without one. */
  readonly alertSeverity: string;
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
);
