// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import type {
  CoreV1Event,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import type { ObjectMembers, PodMembers } from "./kubernetes.ts";
import type { Stored } from "./objects.ts";

export interface Pod extends Stored<V1Pod>, ObjectMembers, PodMembers {}
export interface KubernetesNode extends Stored<V1Node>, ObjectMembers {}
export interface Deployment extends Stored<V1Deployment>, ObjectMembers {}
export interface ReplicaSet extends Stored<V1ReplicaSet>, ObjectMembers {}
export interface StatefulSet extends Stored<V1StatefulSet>, ObjectMembers {}
export interface DaemonSet extends Stored<V1DaemonSet>, ObjectMembers {}
export interface Job extends Stored<V1Job>, ObjectMembers {}
export interface CronJob extends Stored<V1CronJob>, ObjectMembers {}
export interface HorizontalPodAutoscaler extends Stored<V2HorizontalPodAutoscaler>, ObjectMembers {}
export interface PodDisruptionBudget extends Stored<V1PodDisruptionBudget>, ObjectMembers {}
export interface Service extends Stored<V1Service>, ObjectMembers {}
export interface Ingress extends Stored<V1Ingress>, ObjectMembers {}
export interface NetworkPolicy extends Stored<V1NetworkPolicy>, ObjectMembers {}
export interface PersistentVolume extends Stored<V1PersistentVolume>, ObjectMembers {}
export interface PersistentVolumeClaim extends Stored<V1PersistentVolumeClaim>, ObjectMembers {}
export interface ConfigMap extends Stored<V1ConfigMap>, ObjectMembers {}
export interface Secret extends Stored<V1Secret>, ObjectMembers {}
export interface ServiceAccount extends Stored<V1ServiceAccount>, ObjectMembers {}
export interface ClusterRole extends Stored<V1ClusterRole>, ObjectMembers {}
export interface ClusterRoleBinding extends Stored<V1ClusterRoleBinding>, ObjectMembers {}
export interface Namespace extends Stored<V1Namespace>, ObjectMembers {}
export interface KubernetesEvent extends Stored<CoreV1Event>, ObjectMembers {}

export interface ObjectTypes {
  Pod: Pod;
  Node: KubernetesNode;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  CronJob: CronJob;
  HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  PodDisruptionBudget: PodDisruptionBudget;
  Service: Service;
  Ingress: Ingress;
  NetworkPolicy: NetworkPolicy;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  ConfigMap: ConfigMap;
  Secret: Secret;
  ServiceAccount: ServiceAccount;
  ClusterRole: ClusterRole;
  ClusterRoleBinding: ClusterRoleBinding;
  Namespace: Namespace;
  Event: KubernetesEvent;
}
