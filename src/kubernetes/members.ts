/** What objects can do beside being their JSON: functions that JSON, spread and comparison do not see. */
import { ClusterError } from "../errors.ts";
import { defaultContainer } from "./containers.ts";
import { type Kind, kindOf } from "./kinds.ts";
import type { Cluster, ObjectMembers, PodMembers } from "./kubernetes.ts";
import type { KubernetesEvent, ObjectTypes, Pod } from "./objects.gen.ts";
import type { KubernetesObject, OwnerReference } from "./objects.ts";
import { infoOf } from "./paths.ts";
import { controllerOf } from "./pod-facts.ts";

/** Deeper chains of owners than this are taken for circles. */
const maxOwners = 10;

/** Turns the server's JSON, in place, into the object that actions see. Doing it again puts it under another cluster's scope. */
export function adopt<K extends Kind>(cluster: Cluster, kind: K, json: object): ObjectTypes[K] {
  // The API server holds its objects to their schema, and their JSON is passed on as it is.
  const object = json as ObjectTypes[K] & Pod;
  const members = kind === "Pod" ? podMembers(cluster, object) : objectMembers(cluster, kind, object);
  const hidden = Object.entries(members).map(([name, value]) => [name, { value, configurable: true, writable: true }]);
  return Object.defineProperties(object, Object.fromEntries(hidden));
}

function objectMembers(cluster: Cluster, kind: Kind, object: KubernetesObject): ObjectMembers {
  return {
    events: () => readEvents(cluster, kind, object),
    owners: () => readOwners(cluster, object),
  };
}

function podMembers(cluster: Cluster, pod: Pod): ObjectMembers & PodMembers {
  const { name, namespace = "default" } = pod.metadata;
  const inContainer = (container = defaultContainer(pod)) => (container === undefined ? {} : { container });
  return {
    ...objectMembers(cluster, "Pod", pod),
    logs: async (options = {}) => {
      const { logEditor } = await import("./log-text.ts");
      const edit = logEditor(options);
      const text = await cluster.logs(namespace, name, { ...options, ...inContainer(options.container) });
      return text === undefined ? undefined : edit(text);
    },
    exec: (command, options = {}) => {
      const words = typeof command === "string" ? ["sh", "-c", command] : command;
      return cluster.exec(namespace, name, words, { ...options, ...inContainer(options.container) });
    },
    node: async () => (pod.spec?.nodeName ? cluster.get("Node", pod.spec.nodeName) : undefined),
  };
}

async function readEvents(cluster: Cluster, kind: Kind, { metadata }: KubernetesObject): Promise<KubernetesEvent[]> {
  const { name, namespace, uid } = metadata;
  const { namespaced } = infoOf(kind);
  const about = { kind, name, ...(namespaced ? { namespace: namespace ?? "default" } : {}) };
  // Kubelets put a node's name where its uid should be.
  const fields = namespaced && uid !== undefined ? { ...about, uid } : about;
  const fieldSelector = Object.entries(fields)
    .map(([field, value]) => `involvedObject.${field}=${value}`)
    .join(",");
  const events = await cluster.list("Event", {
    fieldSelector,
    ...(namespaced ? { namespace: namespace ?? "default" } : {}),
  });
  return events.sort((a, b) => secondsOf(a) - secondsOf(b) || writesOf(a) - writesOf(b));
}

/** When it was last seen, in whichever of the API's two ways it was written; whole seconds, as one of them has no more. */
function secondsOf({ lastTimestamp, series, eventTime, firstTimestamp, metadata }: KubernetesEvent): number {
  const last = lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp;
  const time = Date.parse(last ?? "");
  return Number.isNaN(time) ? 0 : Math.floor(time / 1000);
}

/** Within a second, what was written later came later. */
const writesOf = ({ metadata }: KubernetesEvent): number => Number(metadata.resourceVersion ?? 0);

async function readOwners(cluster: Cluster, object: KubernetesObject): Promise<KubernetesObject[]> {
  const owners: KubernetesObject[] = [];
  let owner = await readController(cluster, object);
  while (owner !== undefined && owners.length < maxOwners) {
    owners.push(owner);
    owner = await readController(cluster, owner);
  }
  return owners;
}

async function readController(cluster: Cluster, object: KubernetesObject): Promise<KubernetesObject | undefined> {
  const reference = controllerOf(object);
  if (reference === undefined) return undefined;
  const owner = await readReferred(cluster, reference, object.metadata.namespace);
  // Another object may have taken the name since.
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

/** Custom workloads are seldom among what Cortado may read: of one that it may not, its reference tells enough. */
async function readReferred(cluster: Cluster, reference: OwnerReference, namespace: string | undefined) {
  try {
    return await cluster.getReferred(reference, namespace);
  } catch (error) {
    if (kindOf(reference) !== undefined || !(error instanceof ClusterError)) throw error;
    return asReferred(reference, namespace);
  }
}

function asReferred({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): KubernetesObject {
  return { apiVersion, kind, metadata: { name, uid, ...(namespace === undefined ? {} : { namespace }) } };
}
