// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import {
  DaemonSetChangeEvent,
  DaemonSetEvent,
  DeploymentChangeEvent,
  DeploymentEvent,
  HorizontalPodAutoscalerChangeEvent,
  HorizontalPodAutoscalerEvent,
  JobChangeEvent,
  JobEvent,
  NodeChangeEvent,
  NodeEvent,
  PodChangeEvent,
  PodEvent,
  ReplicaSetChangeEvent,
  ReplicaSetEvent,
  StatefulSetChangeEvent,
  StatefulSetEvent,
} from "./kubernetes.gen.ts";

/** The event classes of a kind: of an event about one of its objects, and of a change of one. */
export const eventClasses = {
  Pod: { resource: PodEvent, change: PodChangeEvent },
  Node: { resource: NodeEvent, change: NodeChangeEvent },
  Deployment: { resource: DeploymentEvent, change: DeploymentChangeEvent },
  ReplicaSet: { resource: ReplicaSetEvent, change: ReplicaSetChangeEvent },
  StatefulSet: { resource: StatefulSetEvent, change: StatefulSetChangeEvent },
  DaemonSet: { resource: DaemonSetEvent, change: DaemonSetChangeEvent },
  Job: { resource: JobEvent, change: JobChangeEvent },
  HorizontalPodAutoscaler: { resource: HorizontalPodAutoscalerEvent, change: HorizontalPodAutoscalerChangeEvent },
} as const;

export type EventKind = keyof typeof eventClasses;
