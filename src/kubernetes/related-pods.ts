/** From an object to its pods. */
import * as z from "zod";
import { type Kind, kindOf } from "./kinds.ts";
import type { Cluster } from "./kubernetes.ts";
import type { Pod } from "./objects.gen.ts";
import type { KubernetesObject } from "./objects.ts";

const Labels = z.record(z.string(), z.string());
const LabelSelector = z.object({
  matchLabels: Labels.optional(),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});
const WithSelector = z.object({ spec: z.object({ selector: LabelSelector.optional() }).optional() });
const Service = z.object({ spec: z.object({ selector: Labels.optional() }).optional() });
const Autoscaler = z.object({
  spec: z.object({ scaleTargetRef: z.object({ apiVersion: z.string(), kind: z.string(), name: z.string() }) }),
});

/**
 * The pods of an object, by name. Empty for every kind that is not here. Throws a ClusterError where the cluster cannot tell.
 *
 * - Deployment, ReplicaSet, StatefulSet, DaemonSet, Job: those that it controls. A custom workload with a `spec.selector`: the same, those
 *   of its ReplicaSets included.
 * - CronJob: those of its jobs. HorizontalPodAutoscaler: those of what it scales.
 * - Service, PodDisruptionBudget: those that it selects. PersistentVolumeClaim: those that mount it.
 * - Node: those that run on it. Pod: the pod itself.
 *
 * Needs `list` on pods; for a Deployment and a custom workload on replicasets, for a CronJob on jobs; for an autoscaler `get` on its
 * target.
 *
 * @example const pods = await relatedPods(event.cluster, deployment);
 */
export async function relatedPods(cluster: Cluster, object: KubernetesObject): Promise<Pod[]> {
  const kind = kindOf(object);
  if (kind === undefined) return podsOfCustom(cluster, object);
  return (await byKind[kind]?.(cluster, object)) ?? [];
}

type Finder = (cluster: Cluster, object: KubernetesObject) => Promise<Pod[]>;

const podsOfWorkload: Finder = (cluster, object) => podsOf(cluster, object, [object]);

const byKind: Readonly<Partial<Record<Kind, Finder>>> = {
  Pod: async (cluster, object) => [cluster.adopt("Pod", object)],
  Node: (cluster, { metadata }) => cluster.list("Pod", { fieldSelector: `spec.nodeName=${metadata.name}` }),
  Deployment: async (cluster, object) => podsOf(cluster, object, await replicaSetsOf(cluster, object)),
  ReplicaSet: podsOfWorkload,
  StatefulSet: podsOfWorkload,
  DaemonSet: podsOfWorkload,
  Job: podsOfWorkload,

  async CronJob(cluster, object) {
    const namespace = namespaceOf(object);
    const jobs = (await cluster.list("Job", { namespace })).filter(controlledBy([object]));
    if (jobs.length === 0) return [];
    // The job controller writes it on all pods of jobs that a CronJob makes.
    const labelSelector = `job-name in (${jobs.map(({ metadata }) => metadata.name).join(",")})`;
    return (await cluster.list("Pod", { namespace, labelSelector })).filter(controlledBy(jobs));
  },

  async HorizontalPodAutoscaler(cluster, object) {
    const { scaleTargetRef } = Autoscaler.parse(object).spec;
    const target = await cluster.getReferred(scaleTargetRef, namespaceOf(object));
    return target === undefined || target.kind === "HorizontalPodAutoscaler" ? [] : relatedPods(cluster, target);
  },

  async Service(cluster, object) {
    const labelSelector = selectorText({ matchLabels: Service.parse(object).spec?.selector });
    return labelSelector === "" ? [] : cluster.list("Pod", { namespace: namespaceOf(object), labelSelector });
  },

  async PodDisruptionBudget(cluster, object) {
    const { selector } = WithSelector.parse(object).spec ?? {};
    return selector === undefined ? [] : cluster.list("Pod", selection(object));
  },

  async PersistentVolumeClaim(cluster, object) {
    return (await cluster.list("Pod", { namespace: namespaceOf(object) })).filter(mounts(object.metadata.name));
  },
};

/** As a Rollout has replica sets and a StrimziPodSet pods. */
async function podsOfCustom(cluster: Cluster, object: KubernetesObject): Promise<Pod[]> {
  if (!WithSelector.safeParse(object).success || selection(object).labelSelector === undefined) return [];
  return podsOf(cluster, object, [object, ...(await replicaSetsOf(cluster, object))]);
}

const replicaSetsOf = async (cluster: Cluster, object: KubernetesObject) =>
  (await cluster.list("ReplicaSet", selection(object))).filter(controlledBy([object]));

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

/** A claim that Kubernetes made for an ephemeral volume is named after the pod and the volume. https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#persistentvolumeclaim-naming */
const mounts =
  (claim: string) =>
  ({ metadata, spec }: Pod): boolean =>
    spec?.volumes?.some(
      ({ name, persistentVolumeClaim, ephemeral }) =>
        persistentVolumeClaim?.claimName === claim || (ephemeral !== undefined && `${metadata.name}-${name}` === claim),
    ) ?? false;

const namespaceOf = ({ metadata }: KubernetesObject): string => metadata.namespace ?? "default";

function selection(object: KubernetesObject) {
  const { selector = {} } = WithSelector.parse(object).spec ?? {};
  const labelSelector = selectorText(selector);
  return { namespace: namespaceOf(object), ...(labelSelector === "" ? {} : { labelSelector }) };
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
