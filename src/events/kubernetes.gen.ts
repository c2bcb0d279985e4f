// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import type {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  CronJob,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  KubernetesEvent,
  KubernetesNode,
  Namespace,
  NetworkPolicy,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
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

export interface CronJobEvent extends KubernetesResourceEvent, Is<"CronJobEvent"> {
  /** The CronJob, or undefined where the event names none or it is gone. */
  getCronJob(): Promise<CronJob | undefined>;
}
export const CronJobEvent: EventClass<CronJobEvent> = eventClass("CronJobEvent", KubernetesResourceEvent);

export interface CronJobChangeEvent extends CronJobEvent, KubernetesAnyChangeEvent, Is<"CronJobChangeEvent"> {
  readonly obj: CronJob;
  readonly oldObj: CronJob | undefined;
}
export const CronJobChangeEvent: EventClass<CronJobChangeEvent> = eventClass(
  "CronJobChangeEvent",
  CronJobEvent,
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

export interface PodDisruptionBudgetEvent extends KubernetesResourceEvent, Is<"PodDisruptionBudgetEvent"> {
  /** The PodDisruptionBudget, or undefined where the event names none or it is gone. */
  getPodDisruptionBudget(): Promise<PodDisruptionBudget | undefined>;
}
export const PodDisruptionBudgetEvent: EventClass<PodDisruptionBudgetEvent> = eventClass(
  "PodDisruptionBudgetEvent",
  KubernetesResourceEvent,
);

export interface PodDisruptionBudgetChangeEvent
  extends PodDisruptionBudgetEvent,
    KubernetesAnyChangeEvent,
    Is<"PodDisruptionBudgetChangeEvent"> {
  readonly obj: PodDisruptionBudget;
  readonly oldObj: PodDisruptionBudget | undefined;
}
export const PodDisruptionBudgetChangeEvent: EventClass<PodDisruptionBudgetChangeEvent> = eventClass(
  "PodDisruptionBudgetChangeEvent",
  PodDisruptionBudgetEvent,
  KubernetesAnyChangeEvent,
);

export interface ServiceEvent extends KubernetesResourceEvent, Is<"ServiceEvent"> {
  /** The Service, or undefined where the event names none or it is gone. */
  getService(): Promise<Service | undefined>;
}
export const ServiceEvent: EventClass<ServiceEvent> = eventClass("ServiceEvent", KubernetesResourceEvent);

export interface ServiceChangeEvent extends ServiceEvent, KubernetesAnyChangeEvent, Is<"ServiceChangeEvent"> {
  readonly obj: Service;
  readonly oldObj: Service | undefined;
}
export const ServiceChangeEvent: EventClass<ServiceChangeEvent> = eventClass(
  "ServiceChangeEvent",
  ServiceEvent,
  KubernetesAnyChangeEvent,
);

export interface IngressEvent extends KubernetesResourceEvent, Is<"IngressEvent"> {
  /** The Ingress, or undefined where the event names none or it is gone. */
  getIngress(): Promise<Ingress | undefined>;
}
export const IngressEvent: EventClass<IngressEvent> = eventClass("IngressEvent", KubernetesResourceEvent);

export interface IngressChangeEvent extends IngressEvent, KubernetesAnyChangeEvent, Is<"IngressChangeEvent"> {
  readonly obj: Ingress;
  readonly oldObj: Ingress | undefined;
}
export const IngressChangeEvent: EventClass<IngressChangeEvent> = eventClass(
  "IngressChangeEvent",
  IngressEvent,
  KubernetesAnyChangeEvent,
);

export interface NetworkPolicyEvent extends KubernetesResourceEvent, Is<"NetworkPolicyEvent"> {
  /** The NetworkPolicy, or undefined where the event names none or it is gone. */
  getNetworkPolicy(): Promise<NetworkPolicy | undefined>;
}
export const NetworkPolicyEvent: EventClass<NetworkPolicyEvent> = eventClass(
  "NetworkPolicyEvent",
  KubernetesResourceEvent,
);

export interface NetworkPolicyChangeEvent
  extends NetworkPolicyEvent,
    KubernetesAnyChangeEvent,
    Is<"NetworkPolicyChangeEvent"> {
  readonly obj: NetworkPolicy;
  readonly oldObj: NetworkPolicy | undefined;
}
export const NetworkPolicyChangeEvent: EventClass<NetworkPolicyChangeEvent> = eventClass(
  "NetworkPolicyChangeEvent",
  NetworkPolicyEvent,
  KubernetesAnyChangeEvent,
);

export interface PersistentVolumeEvent extends KubernetesResourceEvent, Is<"PersistentVolumeEvent"> {
  /** The PersistentVolume, or undefined where the event names none or it is gone. */
  getPersistentVolume(): Promise<PersistentVolume | undefined>;
}
export const PersistentVolumeEvent: EventClass<PersistentVolumeEvent> = eventClass(
  "PersistentVolumeEvent",
  KubernetesResourceEvent,
);

export interface PersistentVolumeChangeEvent
  extends PersistentVolumeEvent,
    KubernetesAnyChangeEvent,
    Is<"PersistentVolumeChangeEvent"> {
  readonly obj: PersistentVolume;
  readonly oldObj: PersistentVolume | undefined;
}
export const PersistentVolumeChangeEvent: EventClass<PersistentVolumeChangeEvent> = eventClass(
  "PersistentVolumeChangeEvent",
  PersistentVolumeEvent,
  KubernetesAnyChangeEvent,
);

export interface PersistentVolumeClaimEvent extends KubernetesResourceEvent, Is<"PersistentVolumeClaimEvent"> {
  /** The PersistentVolumeClaim, or undefined where the event names none or it is gone. */
  getPersistentVolumeClaim(): Promise<PersistentVolumeClaim | undefined>;
}
export const PersistentVolumeClaimEvent: EventClass<PersistentVolumeClaimEvent> = eventClass(
  "PersistentVolumeClaimEvent",
  KubernetesResourceEvent,
);

export interface PersistentVolumeClaimChangeEvent
  extends PersistentVolumeClaimEvent,
    KubernetesAnyChangeEvent,
    Is<"PersistentVolumeClaimChangeEvent"> {
  readonly obj: PersistentVolumeClaim;
  readonly oldObj: PersistentVolumeClaim | undefined;
}
export const PersistentVolumeClaimChangeEvent: EventClass<PersistentVolumeClaimChangeEvent> = eventClass(
  "PersistentVolumeClaimChangeEvent",
  PersistentVolumeClaimEvent,
  KubernetesAnyChangeEvent,
);

export interface ConfigMapEvent extends KubernetesResourceEvent, Is<"ConfigMapEvent"> {
  /** The ConfigMap, or undefined where the event names none or it is gone. */
  getConfigMap(): Promise<ConfigMap | undefined>;
}
export const ConfigMapEvent: EventClass<ConfigMapEvent> = eventClass("ConfigMapEvent", KubernetesResourceEvent);

export interface ConfigMapChangeEvent extends ConfigMapEvent, KubernetesAnyChangeEvent, Is<"ConfigMapChangeEvent"> {
  readonly obj: ConfigMap;
  readonly oldObj: ConfigMap | undefined;
}
export const ConfigMapChangeEvent: EventClass<ConfigMapChangeEvent> = eventClass(
  "ConfigMapChangeEvent",
  ConfigMapEvent,
  KubernetesAnyChangeEvent,
);

export interface SecretEvent extends KubernetesResourceEvent, Is<"SecretEvent"> {
  /** The Secret, or undefined where the event names none or it is gone. */
  getSecret(): Promise<Secret | undefined>;
}
export const SecretEvent: EventClass<SecretEvent> = eventClass("SecretEvent", KubernetesResourceEvent);

export interface SecretChangeEvent extends SecretEvent, KubernetesAnyChangeEvent, Is<"SecretChangeEvent"> {
  readonly obj: Secret;
  readonly oldObj: Secret | undefined;
}
export const SecretChangeEvent: EventClass<SecretChangeEvent> = eventClass(
  "SecretChangeEvent",
  SecretEvent,
  KubernetesAnyChangeEvent,
);

export interface ServiceAccountEvent extends KubernetesResourceEvent, Is<"ServiceAccountEvent"> {
  /** The ServiceAccount, or undefined where the event names none or it is gone. */
  getServiceAccount(): Promise<ServiceAccount | undefined>;
}
export const ServiceAccountEvent: EventClass<ServiceAccountEvent> = eventClass(
  "ServiceAccountEvent",
  KubernetesResourceEvent,
);

export interface ServiceAccountChangeEvent
  extends ServiceAccountEvent,
    KubernetesAnyChangeEvent,
    Is<"ServiceAccountChangeEvent"> {
  readonly obj: ServiceAccount;
  readonly oldObj: ServiceAccount | undefined;
}
export const ServiceAccountChangeEvent: EventClass<ServiceAccountChangeEvent> = eventClass(
  "ServiceAccountChangeEvent",
  ServiceAccountEvent,
  KubernetesAnyChangeEvent,
);

export interface ClusterRoleEvent extends KubernetesResourceEvent, Is<"ClusterRoleEvent"> {
  /** The ClusterRole, or undefined where the event names none or it is gone. */
  getClusterRole(): Promise<ClusterRole | undefined>;
}
export const ClusterRoleEvent: EventClass<ClusterRoleEvent> = eventClass("ClusterRoleEvent", KubernetesResourceEvent);

export interface ClusterRoleChangeEvent
  extends ClusterRoleEvent,
    KubernetesAnyChangeEvent,
    Is<"ClusterRoleChangeEvent"> {
  readonly obj: ClusterRole;
  readonly oldObj: ClusterRole | undefined;
}
export const ClusterRoleChangeEvent: EventClass<ClusterRoleChangeEvent> = eventClass(
  "ClusterRoleChangeEvent",
  ClusterRoleEvent,
  KubernetesAnyChangeEvent,
);

export interface ClusterRoleBindingEvent extends KubernetesResourceEvent, Is<"ClusterRoleBindingEvent"> {
  /** The ClusterRoleBinding, or undefined where the event names none or it is gone. */
  getClusterRoleBinding(): Promise<ClusterRoleBinding | undefined>;
}
export const ClusterRoleBindingEvent: EventClass<ClusterRoleBindingEvent> = eventClass(
  "ClusterRoleBindingEvent",
  KubernetesResourceEvent,
);

export interface ClusterRoleBindingChangeEvent
  extends ClusterRoleBindingEvent,
    KubernetesAnyChangeEvent,
    Is<"ClusterRoleBindingChangeEvent"> {
  readonly obj: ClusterRoleBinding;
  readonly oldObj: ClusterRoleBinding | undefined;
}
export const ClusterRoleBindingChangeEvent: EventClass<ClusterRoleBindingChangeEvent> = eventClass(
  "ClusterRoleBindingChangeEvent",
  ClusterRoleBindingEvent,
  KubernetesAnyChangeEvent,
);

export interface NamespaceEvent extends KubernetesResourceEvent, Is<"NamespaceEvent"> {
  /** The Namespace, or undefined where the event names none or it is gone. */
  getNamespace(): Promise<Namespace | undefined>;
}
export const NamespaceEvent: EventClass<NamespaceEvent> = eventClass("NamespaceEvent", KubernetesResourceEvent);

export interface NamespaceChangeEvent extends NamespaceEvent, KubernetesAnyChangeEvent, Is<"NamespaceChangeEvent"> {
  readonly obj: Namespace;
  readonly oldObj: Namespace | undefined;
}
export const NamespaceChangeEvent: EventClass<NamespaceChangeEvent> = eventClass(
  "NamespaceChangeEvent",
  NamespaceEvent,
  KubernetesAnyChangeEvent,
);

export interface EventEvent extends KubernetesResourceEvent, Is<"EventEvent"> {
  /** The Event, or undefined where the event names none or it is gone. */
  getEvent(): Promise<KubernetesEvent | undefined>;
}
export const EventEvent: EventClass<EventEvent> = eventClass("EventEvent", KubernetesResourceEvent);

export interface EventChangeEvent extends EventEvent, KubernetesAnyChangeEvent, Is<"EventChangeEvent"> {
  readonly obj: KubernetesEvent;
  readonly oldObj: KubernetesEvent | undefined;
}
export const EventChangeEvent: EventClass<EventChangeEvent> = eventClass(
  "EventChangeEvent",
  EventEvent,
  KubernetesAnyChangeEvent,
);
