/** What a pod's JSON tells, but not in one place. */
import * as z from "zod";
import type { Cluster } from "./kubernetes.ts";
import type { Pod } from "./objects.gen.ts";
import type { KubernetesObject, OwnerReference } from "./objects.ts";
import { parseKubernetesQuantity } from "./quantity.ts";

/** Whether its condition `Ready` is true. */
export const isPodReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

/** The owner that controls the object, as its reference says; `object.owners()` reads it, and those above it. */
export const controllerOf = ({ metadata }: KubernetesObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true);

/** Whether it may run on nodes with a taint of this key, of whatever value and effect: it names the key, or tolerates every taint. */
export const hasToleration = ({ spec }: Pod, taint: string): boolean =>
  spec?.tolerations?.some(({ key, operator }) => key === taint || (!key && operator === "Exists")) === true;

const NamedImages = z.array(z.object({ name: z.string().optional(), image: z.string().optional() }));
const PodSpec = z.object({ containers: NamedImages.optional(), initContainers: NamedImages.optional() });
const WithTemplate = z.object({ template: z.object({ spec: PodSpec.optional() }).optional() });
const Runs = z.object({
  spec: z
    .object({ ...PodSpec.shape, ...WithTemplate.shape, jobTemplate: z.object({ spec: WithTemplate.optional() }) })
    .partial()
    .optional(),
});

/**
 * The images of a pod, or of what makes pods (a Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, or a custom workload with
 * `spec.template`), each once: first those of its containers, then those of its init containers. Empty for every other object.
 */
export const imagesOf = (object: KubernetesObject): string[] => [...new Set(imagesByContainer(object).values())];

/** The same by the names of the containers. */
export function imagesByContainer(object: KubernetesObject): Map<string, string> {
  const spec = Runs.safeParse(object).data?.spec;
  const pod = spec?.jobTemplate?.spec?.template?.spec ?? spec?.template?.spec ?? spec;
  const containers = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])];
  return new Map(containers.flatMap(({ image, name = image }) => (image === undefined ? [] : [[name ?? "", image]])));
}

type Container = NonNullable<Pod["spec"]>["containers"][number];
type Which = "requests" | "limits";

const amount = ({ resources }: Container, which: Which, resource: string): number => {
  const text = resources?.[which]?.[resource];
  return text === undefined ? 0 : parseKubernetesQuantity(text);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * What the scheduler counts for the pod, of `cpu` in cores, of `memory` in bytes: its containers together, or the most that one init
 * container needs if that is more. https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
export function podRequest({ spec }: Pod, resource: string): number {
  const init = spec?.initContainers ?? [];
  const of = (container: Container) => amount(container, "requests", resource);
  // Init containers that are restarted always run beside the others: they are sidecars.
  const sidecars = sum(init.filter(({ restartPolicy }) => restartPolicy === "Always").map(of));
  const initial = init.filter(({ restartPolicy }) => restartPolicy !== "Always").map(of);
  const overhead = spec?.overhead?.[resource];
  const atOnce = Math.max(sum((spec?.containers ?? []).map(of)), ...initial);
  return atOnce + sidecars + (overhead === undefined ? 0 : parseKubernetesQuantity(overhead));
}

/** What its containers may have together, of `cpu` in cores, of `memory` in bytes; undefined where one of them has no limit. */
export function podLimit({ spec }: Pod, resource: string): number | undefined {
  const containers = spec?.containers ?? [];
  const limited = containers.every(({ resources }) => resources?.limits?.[resource] !== undefined);
  return limited ? sum(containers.map((container) => amount(container, "limits", resource))) : undefined;
}

/** The first pod, by name, of those whose names begin so; undefined where there is none. Needs `list` on pods. */
export async function findPod(cluster: Cluster, namespace: string, prefix: string): Promise<Pod | undefined> {
  const pods = await cluster.list("Pod", { namespace });
  return pods
    .filter(({ metadata }) => metadata.name.startsWith(prefix))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}
