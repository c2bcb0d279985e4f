/** What actions ask about pods. */
import {
  type Cluster,
  isPodReady,
  type KubernetesObject,
  type PermissionRule,
  type Pod,
  relatedPods,
} from "../../index.ts";

/** What an action needs that looks for the pods of a Deployment, or of what controls pods itself. */
export const deploymentPodsPermissions: readonly PermissionRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: ["list"] },
];

/** What an action needs that looks for the pods of an object of any kind; an autoscaler's are those of what it scales. */
export const relatedPodsPermissions: readonly PermissionRule[] = [
  ...deploymentPodsPermissions,
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["list"] },
  { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets"], verbs: ["get"] },
];

/** Whether nothing is to be looked at: it is ready, or has ended well. */
export const isWell = (pod: Pod): boolean => pod.status?.phase === "Succeeded" || isPodReady(pod);

/** The pods of an object, those first that are not well. */
export async function worstPods(cluster: Cluster, object: KubernetesObject): Promise<Pod[]> {
  const pods = await relatedPods(cluster, object);
  return pods.sort((a, b) => Number(isWell(a)) - Number(isWell(b)));
}
