/** Making a node unschedulable, and schedulable again. */
import type { Cluster, KubernetesNode, PermissionRule } from "../../index.ts";

export const cordons: readonly PermissionRule[] = [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "patch"] }];

/** False where the node was so already. */
export async function setUnschedulable(cluster: Cluster, node: KubernetesNode, wanted: boolean): Promise<boolean> {
  if ((node.spec?.unschedulable ?? false) === wanted) return false;
  const patch = { spec: { unschedulable: wanted ? true : null } };
  await cluster.patch("Node", node.metadata.name, undefined, { type: "merge", patch });
  return true;
}
