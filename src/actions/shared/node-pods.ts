/** The pods of a node. */
import type { Cluster, KubernetesNode, PermissionRule, Pod } from "../../index.ts";

export const readsNodeAndPods: readonly PermissionRule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
];

/** Those that are bound to the node and have not ended. */
export const activePods = (cluster: Cluster, node: KubernetesNode): Promise<Pod[]> =>
  cluster.list("Pod", {
    fieldSelector: `spec.nodeName=${node.metadata.name},status.phase!=Succeeded,status.phase!=Failed`,
  });
