/** Which labels of an alert name an object, as kube-state-metrics writes them. https://github.com/kubernetes/kube-state-metrics/tree/main/docs */
import type { Alert } from "../delivery.ts";
import type { Kind } from "./kinds.ts";

/** The label that names an object of the kind. `job` is Prometheus' scrape job. */
export const labelOf = {
  Deployment: "deployment",
  DaemonSet: "daemonset",
  StatefulSet: "statefulset",
  Node: "node",
  Pod: "pod",
  Job: "job_name",
  HorizontalPodAutoscaler: "horizontalpodautoscaler",
  CronJob: "cronjob",
  ReplicaSet: "replicaset",
  PersistentVolumeClaim: "persistentvolumeclaim",
  PersistentVolume: "persistentvolume",
  PodDisruptionBudget: "poddisruptionbudget",
  Ingress: "ingress",
  Service: "service",
  Namespace: "namespace",
} as const satisfies Partial<Record<Kind, string>>;
export type AlertKind = keyof typeof labelOf;

/**
 * Which of several objects the alert is about: the model's order, then ours. The last two are in `scrapeKinds` and come after what an
 * `instance` leads to.
 */
export const priority = [
  "Deployment",
  "DaemonSet",
  "StatefulSet",
  "Node",
  "Pod",
  "Job",
  "HorizontalPodAutoscaler",
  "CronJob",
  "ReplicaSet",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "PodDisruptionBudget",
  "Ingress",
] as const satisfies readonly AlertKind[];

/**
 * The labels `service` and `namespace` are on nearly every series that was scraped through a ServiceMonitor, whatever it is about:
 * Prometheus' operator writes those of the scraped target. And where people label
 * their own alerts, `service` is often no Service of Kubernetes. So they say what the alert is about only where nothing else does, a
 * Service only where it exists, and are read only then, or when an action asks. https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitorSpec
 */
export const scrapeKinds = ["Service", "Namespace"] as const satisfies readonly AlertKind[];

/** All of them, in the order of whom an alert is about. */
export const subjectOrder = [...priority, ...scrapeKinds] as const;

/** An empty name says nothing, and kube-state-metrics names itself where it knows of no object. */
export function nameIn({ labels }: Alert, kind: AlertKind): string | undefined {
  const name = labels[labelOf[kind]];
  return name === undefined || name === "" || name.includes("kube-state-metrics") ? undefined : name;
}
