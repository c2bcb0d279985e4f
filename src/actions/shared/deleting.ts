/** Deleting the object that is meant, and no other one of its name. */
import { type Cluster, controllerOf, type Kind, type KubernetesObject, type Pod } from "../../index.ts";

/** False where it was gone already. Throws an Error for an object whose uid is not known. */
export async function deleteExactly(cluster: Cluster, kind: Kind, { metadata }: KubernetesObject): Promise<boolean> {
  const { name, namespace, uid } = metadata;
  if (!uid)
    throw new Error(`the ${kind.toLowerCase()} ${name} came without its uid; another one may have its name by now`);
  return cluster.delete(kind, name, namespace, { uid });
}

/** Deletes the pod; what there is to say about it. */
export async function deletePodAndTell(cluster: Cluster, pod: Pod): Promise<string> {
  const { name } = pod.metadata;
  const deleted = await deleteExactly(cluster, "Pod", pod);
  return deleted ? `Deleted the pod *${name}*. ${whatFollows(pod)}` : `The pod *${name}* was gone already.`;
}

function whatFollows(pod: Pod): string {
  const controller = controllerOf(pod);
  if (controller === undefined) return "Nothing controls it, so no new one is made.";
  return `Its ${controller.kind} ${controller.name} makes a new one.`;
}
