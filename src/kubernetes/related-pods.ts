/** From an object to its pods. */
import * as z from "zod";
import type { Cluster } from "./kubernetes.ts";
import type { Pod } from "./objects.gen.ts";
import type { KubernetesObject } from "./objects.ts";

const LabelSelector = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});
const WithSelector = z.object({ spec: z.object({ selector: LabelSelector.optional() }).optional() });

/**
 * The pods of an object, by name: of a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job those that it controls, of a Node those
 * that run on it, of a Pod the pod itself. Empty for every other kind. Needs `list` on pods, and for a Deployment on replicasets too.
 * Throws a ClusterError where the cluster cannot tell.
 *
 * @example const pods = await relatedPods(event.cluster, deployment);
 */
export async function relatedPods(cluster: Cluster, object: KubernetesObject): Promise<Pod[]> {
  switch (object.kind) {
    case "Pod":
      return [cluster.adopt("Pod", object)];
    case "Node":
      return cluster.list("Pod", { fieldSelector: `spec.nodeName=${object.metadata.name}` });
    case "Deployment": {
      const replicaSets = await cluster.list("ReplicaSet", selection(object));
      return podsOf(cluster, object, replicaSets.filter(controlledBy([object])));
    }
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Job":
      return podsOf(cluster, object, [object]);
    default:
      return [];
  }
}

/** The labels of two workloads may overlap: what counts is who controls the pod. */
async function podsOf(cluster: Cluster, object: KubernetesObject, controllers: readonly KubernetesObject[]) {
  if (controllers.length === 0) return [];
  return (await cluster.list("Pod", selection(object))).filter(controlledBy(controllers));
}

function controlledBy(controllers: readonly KubernetesObject[]) {
  const uids = new Set(controllers.map(({ metadata }) => metadata.uid));
  return ({ metadata }: KubernetesObject) =>
    metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uids.has(uid)) ?? false;
}

function selection(object: KubernetesObject) {
  const { selector = {} } = WithSelector.parse(object).spec ?? {};
  const labelSelector = selectorText(selector);
  return {
    namespace: object.metadata.namespace ?? "default",
    ...(labelSelector === "" ? {} : { labelSelector }),
  };
}

/** As the API's queries have it. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api */
function selectorText({ matchLabels = {}, matchExpressions = [] }: z.output<typeof LabelSelector>): string {
  const equalities = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "NotIn" ? "notin" : "in"} (${values.join(",")})`;
  });
  return [...equalities, ...expressions].join(",");
}
