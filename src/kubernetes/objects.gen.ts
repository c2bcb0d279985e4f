// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import type {
  CoreV1Event,
  V1DaemonSet,
  V1Deployment,
  V1Job,
  V1Namespace,
  V1Node,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
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
export interface HorizontalPodAutoscaler extends Stored<V2HorizontalPodAutoscaler>, ObjectMembers {}
export interface KubernetesEvent extends Stored<CoreV1Event>, ObjectMembers {}
export interface Secret extends Stored<V1Secret>, ObjectMembers {}
export interface Namespace extends Stored<V1Namespace>, ObjectMembers {}

export interface ObjectTypes {
  Pod: Pod;
  Node: KubernetesNode;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  Event: KubernetesEvent;
  Secret: Secret;
  Namespace: Namespace;
}
