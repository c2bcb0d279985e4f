/** A known false alarm about DaemonSets: https://blog.florentdelannoy.com/blog/2020/kube-daemonset-misscheduled/ */
import { type Cluster, type DaemonSet, type PermissionRule, relatedPods } from "../../index.ts";

/** On a node that the cluster autoscaler is about to delete. */
export const deletionTaint = "ToBeDeletedByClusterAutoscaler";

export const looksForMisscheduling: readonly PermissionRule[] = [
  { apiGroups: ["apps"], resources: ["daemonsets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
];

/** The nodes that are about to be deleted on which the DaemonSet has a pod that does not tolerate that. */
export async function nodesBeingDeleted(cluster: Cluster, daemonSet: DaemonSet): Promise<string[]> {
  const { tolerations = [] } = daemonSet.spec?.template.spec ?? {};
  if (tolerations.some(({ key, operator }) => key === deletionTaint || (!key && operator === "Exists"))) return [];
  const [nodes, pods] = await Promise.all([cluster.list("Node"), relatedPods(cluster, daemonSet)]);
  const used = new Set(pods.map(({ spec }) => spec?.nodeName));
  return nodes
    .filter(({ spec }) => spec?.taints?.some(({ key }) => key === deletionTaint))
    .map(({ metadata }) => metadata.name)
    .filter((name) => used.has(name));
}
