// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import type {
  DaemonSetChangeEvent,
  DeploymentChangeEvent,
  HorizontalPodAutoscalerChangeEvent,
  JobChangeEvent,
  NodeChangeEvent,
  PodChangeEvent,
  ReplicaSetChangeEvent,
  StatefulSetChangeEvent,
} from "../events/kubernetes.gen.ts";
import { type ChangeTrigger, changeTrigger } from "./object-changes.ts";

export const onPodCreate: ChangeTrigger<PodChangeEvent> = changeTrigger("Pod", "create");
export const onPodUpdate: ChangeTrigger<PodChangeEvent> = changeTrigger("Pod", "update");
export const onPodDelete: ChangeTrigger<PodChangeEvent> = changeTrigger("Pod", "delete");
export const onPodAllChanges: ChangeTrigger<PodChangeEvent> = changeTrigger("Pod", "all_changes");
export const onNodeCreate: ChangeTrigger<NodeChangeEvent> = changeTrigger("Node", "create");
export const onNodeUpdate: ChangeTrigger<NodeChangeEvent> = changeTrigger("Node", "update");
export const onNodeDelete: ChangeTrigger<NodeChangeEvent> = changeTrigger("Node", "delete");
export const onNodeAllChanges: ChangeTrigger<NodeChangeEvent> = changeTrigger("Node", "all_changes");
export const onDeploymentCreate: ChangeTrigger<DeploymentChangeEvent> = changeTrigger("Deployment", "create");
export const onDeploymentUpdate: ChangeTrigger<DeploymentChangeEvent> = changeTrigger("Deployment", "update");
export const onDeploymentDelete: ChangeTrigger<DeploymentChangeEvent> = changeTrigger("Deployment", "delete");
export const onDeploymentAllChanges: ChangeTrigger<DeploymentChangeEvent> = changeTrigger("Deployment", "all_changes");
export const onReplicaSetCreate: ChangeTrigger<ReplicaSetChangeEvent> = changeTrigger("ReplicaSet", "create");
export const onReplicaSetUpdate: ChangeTrigger<ReplicaSetChangeEvent> = changeTrigger("ReplicaSet", "update");
export const onReplicaSetDelete: ChangeTrigger<ReplicaSetChangeEvent> = changeTrigger("ReplicaSet", "delete");
export const onReplicaSetAllChanges: ChangeTrigger<ReplicaSetChangeEvent> = changeTrigger("ReplicaSet", "all_changes");
export const onStatefulSetCreate: ChangeTrigger<StatefulSetChangeEvent> = changeTrigger("StatefulSet", "create");
export const onStatefulSetUpdate: ChangeTrigger<StatefulSetChangeEvent> = changeTrigger("StatefulSet", "update");
export const onStatefulSetDelete: ChangeTrigger<StatefulSetChangeEvent> = changeTrigger("StatefulSet", "delete");
export const onStatefulSetAllChanges: ChangeTrigger<StatefulSetChangeEvent> = changeTrigger(
  "StatefulSet",
  "all_changes",
);
export const onDaemonSetCreate: ChangeTrigger<DaemonSetChangeEvent> = changeTrigger("DaemonSet", "create");
export const onDaemonSetUpdate: ChangeTrigger<DaemonSetChangeEvent> = changeTrigger("DaemonSet", "update");
export const onDaemonSetDelete: ChangeTrigger<DaemonSetChangeEvent> = changeTrigger("DaemonSet", "delete");
export const onDaemonSetAllChanges: ChangeTrigger<DaemonSetChangeEvent> = changeTrigger("DaemonSet", "all_changes");
export const onJobCreate: ChangeTrigger<JobChangeEvent> = changeTrigger("Job", "create");
export const onJobUpdate: ChangeTrigger<JobChangeEvent> = changeTrigger("Job", "update");
export const onJobDelete: ChangeTrigger<JobChangeEvent> = changeTrigger("Job", "delete");
export const onJobAllChanges: ChangeTrigger<JobChangeEvent> = changeTrigger("Job", "all_changes");
export const onHorizontalPodAutoscalerCreate: ChangeTrigger<HorizontalPodAutoscalerChangeEvent> = changeTrigger(
  "HorizontalPodAutoscaler",
  "create",
);
export const onHorizontalPodAutoscalerUpdate: ChangeTrigger<HorizontalPodAutoscalerChangeEvent> = changeTrigger(
  "HorizontalPodAutoscaler",
  "update",
);
export const onHorizontalPodAutoscalerDelete: ChangeTrigger<HorizontalPodAutoscalerChangeEvent> = changeTrigger(
  "HorizontalPodAutoscaler",
  "delete",
);
export const onHorizontalPodAutoscalerAllChanges: ChangeTrigger<HorizontalPodAutoscalerChangeEvent> = changeTrigger(
  "HorizontalPodAutoscaler",
  "all_changes",
);
