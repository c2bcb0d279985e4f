// Written by `npm run generate` from src/kubernetes/kinds.ts. Do not edit.
import type {
  ClusterRoleBindingChangeEvent,
  ClusterRoleChangeEvent,
  ConfigMapChangeEvent,
  CronJobChangeEvent,
  DaemonSetChangeEvent,
  DeploymentChangeEvent,
  EventChangeEvent,
  HorizontalPodAutoscalerChangeEvent,
  IngressChangeEvent,
  JobChangeEvent,
  NamespaceChangeEvent,
  NetworkPolicyChangeEvent,
  NodeChangeEvent,
  PersistentVolumeChangeEvent,
  PersistentVolumeClaimChangeEvent,
  PodChangeEvent,
  PodDisruptionBudgetChangeEvent,
  ReplicaSetChangeEvent,
  SecretChangeEvent,
  ServiceAccountChangeEvent,
  ServiceChangeEvent,
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
export const onCronJobCreate: ChangeTrigger<CronJobChangeEvent> = changeTrigger("CronJob", "create");
export const onCronJobUpdate: ChangeTrigger<CronJobChangeEvent> = changeTrigger("CronJob", "update");
export const onCronJobDelete: ChangeTrigger<CronJobChangeEvent> = changeTrigger("CronJob", "delete");
export const onCronJobAllChanges: ChangeTrigger<CronJobChangeEvent> = changeTrigger("CronJob", "all_changes");
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
export const onPodDisruptionBudgetCreate: ChangeTrigger<PodDisruptionBudgetChangeEvent> = changeTrigger(
  "PodDisruptionBudget",
  "create",
);
export const onPodDisruptionBudgetUpdate: ChangeTrigger<PodDisruptionBudgetChangeEvent> = changeTrigger(
  "PodDisruptionBudget",
  "update",
);
export const onPodDisruptionBudgetDelete: ChangeTrigger<PodDisruptionBudgetChangeEvent> = changeTrigger(
  "PodDisruptionBudget",
  "delete",
);
export const onPodDisruptionBudgetAllChanges: ChangeTrigger<PodDisruptionBudgetChangeEvent> = changeTrigger(
  "PodDisruptionBudget",
  "all_changes",
);
export const onServiceCreate: ChangeTrigger<ServiceChangeEvent> = changeTrigger("Service", "create");
export const onServiceUpdate: ChangeTrigger<ServiceChangeEvent> = changeTrigger("Service", "update");
export const onServiceDelete: ChangeTrigger<ServiceChangeEvent> = changeTrigger("Service", "delete");
export const onServiceAllChanges: ChangeTrigger<ServiceChangeEvent> = changeTrigger("Service", "all_changes");
export const onIngressCreate: ChangeTrigger<IngressChangeEvent> = changeTrigger("Ingress", "create");
export const onIngressUpdate: ChangeTrigger<IngressChangeEvent> = changeTrigger("Ingress", "update");
export const onIngressDelete: ChangeTrigger<IngressChangeEvent> = changeTrigger("Ingress", "delete");
export const onIngressAllChanges: ChangeTrigger<IngressChangeEvent> = changeTrigger("Ingress", "all_changes");
export const onNetworkPolicyCreate: ChangeTrigger<NetworkPolicyChangeEvent> = changeTrigger("NetworkPolicy", "create");
export const onNetworkPolicyUpdate: ChangeTrigger<NetworkPolicyChangeEvent> = changeTrigger("NetworkPolicy", "update");
export const onNetworkPolicyDelete: ChangeTrigger<NetworkPolicyChangeEvent> = changeTrigger("NetworkPolicy", "delete");
export const onNetworkPolicyAllChanges: ChangeTrigger<NetworkPolicyChangeEvent> = changeTrigger(
  "NetworkPolicy",
  "all_changes",
);
export const onPersistentVolumeCreate: ChangeTrigger<PersistentVolumeChangeEvent> = changeTrigger(
  "PersistentVolume",
  "create",
);
export const onPersistentVolumeUpdate: ChangeTrigger<PersistentVolumeChangeEvent> = changeTrigger(
  "PersistentVolume",
  "update",
);
export const onPersistentVolumeDelete: ChangeTrigger<PersistentVolumeChangeEvent> = changeTrigger(
  "PersistentVolume",
  "delete",
);
export const onPersistentVolumeAllChanges: ChangeTrigger<PersistentVolumeChangeEvent> = changeTrigger(
  "PersistentVolume",
  "all_changes",
);
export const onPersistentVolumeClaimCreate: ChangeTrigger<PersistentVolumeClaimChangeEvent> = changeTrigger(
  "PersistentVolumeClaim",
  "create",
);
export const onPersistentVolumeClaimUpdate: ChangeTrigger<PersistentVolumeClaimChangeEvent> = changeTrigger(
  "PersistentVolumeClaim",
  "update",
);
export const onPersistentVolumeClaimDelete: ChangeTrigger<PersistentVolumeClaimChangeEvent> = changeTrigger(
  "PersistentVolumeClaim",
  "delete",
);
export const onPersistentVolumeClaimAllChanges: ChangeTrigger<PersistentVolumeClaimChangeEvent> = changeTrigger(
  "PersistentVolumeClaim",
  "all_changes",
);
export const onConfigMapCreate: ChangeTrigger<ConfigMapChangeEvent> = changeTrigger("ConfigMap", "create");
export const onConfigMapUpdate: ChangeTrigger<ConfigMapChangeEvent> = changeTrigger("ConfigMap", "update");
export const onConfigMapDelete: ChangeTrigger<ConfigMapChangeEvent> = changeTrigger("ConfigMap", "delete");
export const onConfigMapAllChanges: ChangeTrigger<ConfigMapChangeEvent> = changeTrigger("ConfigMap", "all_changes");
export const onSecretCreate: ChangeTrigger<SecretChangeEvent> = changeTrigger("Secret", "create");
export const onSecretUpdate: ChangeTrigger<SecretChangeEvent> = changeTrigger("Secret", "update");
export const onSecretDelete: ChangeTrigger<SecretChangeEvent> = changeTrigger("Secret", "delete");
export const onSecretAllChanges: ChangeTrigger<SecretChangeEvent> = changeTrigger("Secret", "all_changes");
export const onServiceAccountCreate: ChangeTrigger<ServiceAccountChangeEvent> = changeTrigger(
  "ServiceAccount",
  "create",
);
export const onServiceAccountUpdate: ChangeTrigger<ServiceAccountChangeEvent> = changeTrigger(
  "ServiceAccount",
  "update",
);
export const onServiceAccountDelete: ChangeTrigger<ServiceAccountChangeEvent> = changeTrigger(
  "ServiceAccount",
  "delete",
);
export const onServiceAccountAllChanges: ChangeTrigger<ServiceAccountChangeEvent> = changeTrigger(
  "ServiceAccount",
  "all_changes",
);
export const onClusterRoleCreate: ChangeTrigger<ClusterRoleChangeEvent> = changeTrigger("ClusterRole", "create");
export const onClusterRoleUpdate: ChangeTrigger<ClusterRoleChangeEvent> = changeTrigger("ClusterRole", "update");
export const onClusterRoleDelete: ChangeTrigger<ClusterRoleChangeEvent> = changeTrigger("ClusterRole", "delete");
export const onClusterRoleAllChanges: ChangeTrigger<ClusterRoleChangeEvent> = changeTrigger(
  "ClusterRole",
  "all_changes",
);
export const onClusterRoleBindingCreate: ChangeTrigger<ClusterRoleBindingChangeEvent> = changeTrigger(
  "ClusterRoleBinding",
  "create",
);
export const onClusterRoleBindingUpdate: ChangeTrigger<ClusterRoleBindingChangeEvent> = changeTrigger(
  "ClusterRoleBinding",
  "update",
);
export const onClusterRoleBindingDelete: ChangeTrigger<ClusterRoleBindingChangeEvent> = changeTrigger(
  "ClusterRoleBinding",
  "delete",
);
export const onClusterRoleBindingAllChanges: ChangeTrigger<ClusterRoleBindingChangeEvent> = changeTrigger(
  "ClusterRoleBinding",
  "all_changes",
);
export const onNamespaceCreate: ChangeTrigger<NamespaceChangeEvent> = changeTrigger("Namespace", "create");
export const onNamespaceUpdate: ChangeTrigger<NamespaceChangeEvent> = changeTrigger("Namespace", "update");
export const onNamespaceDelete: ChangeTrigger<NamespaceChangeEvent> = changeTrigger("Namespace", "delete");
export const onNamespaceAllChanges: ChangeTrigger<NamespaceChangeEvent> = changeTrigger("Namespace", "all_changes");
export const onEventCreate: ChangeTrigger<EventChangeEvent> = changeTrigger("Event", "create");
export const onEventUpdate: ChangeTrigger<EventChangeEvent> = changeTrigger("Event", "update");
export const onEventDelete: ChangeTrigger<EventChangeEvent> = changeTrigger("Event", "delete");
export const onEventAllChanges: ChangeTrigger<EventChangeEvent> = changeTrigger("Event", "all_changes");
