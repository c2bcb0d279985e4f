// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import type {
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  KubernetesNode,
  Pod,
  ReplicaSet,
  StatefulSet,
} from "../kubernetes/objects.gen.ts";
import { KubernetesAnyChangeEvent, KubernetesResourceEvent } from "./event.ts";
import { type EventClass, eventClass, type Is } from "./event-class.ts";

export interface PodEvent extends KubernetesResourceEvent, Is<"PodEvent"> {
  /** The Pod, or undefined where the event names none or it is gone. */
  getPod(): Promise<Pod | undefined>;
}
export const PodEvent: EventClass<PodEvent> = eventClass("PodEvent", KubernetesResourceEvent);

export interface PodChangeEvent extends PodEvent, KubernetesAnyChangeEvent, Is<"PodChangeEvent"> {
  readonly obj: Pod;
  readonly oldObj: Pod | undefined;
}
export const PodChangeEvent: EventClass<PodChangeEvent> = eventClass(
  "PodChangeEvent",
  PodEvent,
  KubernetesAnyChangeEvent,
);

export interface NodeEvent extends KubernetesResourceEvent, Is<"NodeEvent"> {
  /** The Node, or undefined where the event names none or it is gone. */
  getNode(): Promise<KubernetesNode | undefined>;
}
export const NodeEvent: EventClass<NodeEvent> = eventClass("NodeEvent", KubernetesResourceEvent);

export interface NodeChangeEvent extends NodeEvent, KubernetesAnyChangeEvent, Is<"NodeChangeEvent"> {
  readonly obj: KubernetesNode;
  readonly oldObj: KubernetesNode | undefined;
}
export const NodeChangeEvent: EventClass<NodeChangeEvent> = eventClass(
  "NodeChangeEvent",
  NodeEvent,
  KubernetesAnyChangeEvent,
);

export interface DeploymentEvent extends KubernetesResourceEvent, Is<"DeploymentEvent"> {
  /** The Deployment, or undefined where the event names none or it is gone. */
  getDeployment(): Promise<Deployment | undefined>;
}
export const DeploymentEvent: EventClass<DeploymentEvent> = eventClass("DeploymentEvent", KubernetesResourceEvent);

export interface DeploymentChangeEvent extends DeploymentEvent, KubernetesAnyChangeEvent, Is<"DeploymentChangeEvent"> {
  readonly obj: Deployment;
  readonly oldObj: Deployment | undefined;
}
export const DeploymentChangeEvent: EventClass<DeploymentChangeEvent> = eventClass(
  "DeploymentChangeEvent",
  DeploymentEvent,
  KubernetesAnyChangeEvent,
);

export interface ReplicaSetEvent extends KubernetesResourceEvent, Is<"ReplicaSetEvent"> {
  /** The ReplicaSet, or undefined where the event names none or it is gone. */
  getReplicaSet(): Promise<ReplicaSet | undefined>;
}
export const ReplicaSetEvent: EventClass<ReplicaSetEvent> = eventClass("ReplicaSetEvent", KubernetesResourceEvent);

export interface ReplicaSetChangeEvent extends ReplicaSetEvent, KubernetesAnyChangeEvent, Is<"ReplicaSetChangeEvent"> {
  readonly obj: ReplicaSet;
  readonly oldObj: ReplicaSet | undefined;
}
export const ReplicaSetChangeEvent: EventClass<ReplicaSetChangeEvent> = eventClass(
  "ReplicaSetChangeEvent",
  ReplicaSetEvent,
  KubernetesAnyChangeEvent,
);

export interface StatefulSetEvent extends KubernetesResourceEvent, Is<"StatefulSetEvent"> {
  /** The StatefulSet, or undefined where the event names none or it is gone. */
  getStatefulSet(): Promise<StatefulSet | undefined>;
}
export const StatefulSetEvent: EventClass<StatefulSetEvent> = eventClass("StatefulSetEvent", KubernetesResourceEvent);

export interface StatefulSetChangeEvent
  extends StatefulSetEvent,
    KubernetesAnyChangeEvent,
    Is<"StatefulSetChangeEvent"> {
  readonly obj: StatefulSet;
  readonly oldObj: StatefulSet | undefined;
}
export const StatefulSetChangeEvent: EventClass<StatefulSetChangeEvent> = eventClass(
  "StatefulSetChangeEvent",
  StatefulSetEvent,
  KubernetesAnyChangeEvent,
);

export interface DaemonSetEvent extends KubernetesResourceEvent, Is<"DaemonSetEvent"> {
  /** The DaemonSet, or undefined where the event names none or it is gone. */
  getDaemonSet(): Promise<DaemonSet | undefined>;
}
export const DaemonSetEvent: EventClass<DaemonSetEvent> = eventClass("DaemonSetEvent", KubernetesResourceEvent);

export interface DaemonSetChangeEvent extends DaemonSetEvent, KubernetesAnyChangeEvent, Is<"DaemonSetChangeEvent"> {
  readonly obj: DaemonSet;
  readonly oldObj: DaemonSet | undefined;
}
export const DaemonSetChangeEvent: EventClass<DaemonSetChangeEvent> = eventClass(
  "DaemonSetChangeEvent",
  DaemonSetEvent,
  KubernetesAnyChangeEvent,
);

export interface JobEvent extends KubernetesResourceEvent, Is<"JobEvent"> {
  /** The Job, or undefined where the event names none or it is gone. */
  getJob(): Promise<Job | undefined>;
}
export const JobEvent: EventClass<JobEvent> = eventClass("JobEvent", KubernetesResourceEvent);

export interface JobChangeEvent extends JobEvent, KubernetesAnyChangeEvent, Is<"JobChangeEvent"> {
  readonly obj: Job;
  readonly oldObj: Job | undefined;
}
export const JobChangeEvent: EventClass<JobChangeEvent> = eventClass(
  "JobChangeEvent",
  JobEvent,
  KubernetesAnyChangeEvent,
);

export interface HorizontalPodAutoscalerEvent extends KubernetesResourceEvent, Is<"HorizontalPodAutoscalerEvent"> {
  /** The HorizontalPodAutoscaler, or undefined where the event names none or it is gone. */
  getHorizontalPodAutoscaler(): Promise<HorizontalPodAutoscaler | undefined>;
}
export const HorizontalPodAutoscalerEvent: EventClass<HorizontalPodAutoscalerEvent> = eventClass(
  "HorizontalPodAutoscalerEvent",
  KubernetesResourceEvent,
);

export interface HorizontalPodAutoscalerChangeEvent
  extends HorizontalPodAutoscalerEvent,
    KubernetesAnyChangeEvent,
    Is<"HorizontalPodAutoscalerChangeEvent"> {
  readonly obj: HorizontalPodAutoscaler;
  readonly oldObj: HorizontalPodAutoscaler | undefined;
}
export const HorizontalPodAutoscalerChangeEvent: EventClass<HorizontalPodAutoscalerChangeEvent> = eventClass(
  "HorizontalPodAutoscalerChangeEvent",
  HorizontalPodAutoscalerEvent,
  KubernetesAnyChangeEvent,
);
