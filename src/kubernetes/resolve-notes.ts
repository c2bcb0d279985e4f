/** What the reader of a finding must know about the objects that an alert names. Sentences. */
import type { Alert } from "../delivery.ts";
import type { ClusterError } from "../errors.ts";
import type { AlertKind } from "./alert-labels.ts";
import type { Cluster } from "./kubernetes.ts";
import type { KubernetesNode, Pod } from "./objects.gen.ts";
import type { KubernetesObject } from "./objects.ts";
import { infoOf } from "./paths.ts";

/** What was found where the labels point. */
export type Lookup =
  | { readonly outcome: "found"; readonly kind: AlertKind; readonly object: KubernetesObject }
  | { readonly outcome: "missing"; readonly kind: AlertKind; readonly name: string }
  | { readonly outcome: "unknown"; readonly kind: AlertKind; readonly name?: string; readonly error: ClusterError };

export interface Found {
  readonly alert: Alert;
  readonly namespace: string;
  readonly lookups: readonly Lookup[];
  readonly objects: { readonly Pod?: Pod; readonly Node?: KubernetesNode };
  /** The nodes that have the address of the alert's `instance`, where there are several. */
  readonly sameAddress: readonly KubernetesNode[];
}

export function notesOn(found: Found, cluster: Cluster): string[] {
  const { lookups, namespace } = found;
  const nameOf = (kind: AlertKind, name: string) => `${kind} ${infoOf(kind).namespaced ? `${namespace}/` : ""}${name}`;
  const missing = lookups.flatMap((lookup) =>
    lookup.outcome === "missing"
      ? [`${nameOf(lookup.kind, lookup.name)} is named by the alert but does not exist in the cluster.`]
      : [],
  );
  const recreated = lookups.flatMap((lookup) =>
    lookup.outcome === "found"
      ? recreationOf(found.alert, lookup.object, nameOf(lookup.kind, lookup.object.metadata.name))
      : [],
  );
  const unknown = lookups.find((lookup) => lookup.outcome === "unknown");
  return [
    ...missing,
    ...ambiguities(found),
    ...recreated,
    ...(unknown === undefined ? [] : [unreachable(cluster, unknown.error)]),
  ];
}

function ambiguities({ alert, namespace, lookups, objects, sameAddress }: Found): string[] {
  const notes: string[] = [];
  const inNamespaces = lookups.filter((lookup) => infoOf(lookup.kind).namespaced && nameOfLookup(lookup) !== undefined);
  if (!alert.labels.namespace && inNamespaces.length > 0) {
    const names = inNamespaces.map((lookup) => `${lookup.kind} ${nameOfLookup(lookup)}`).join(", ");
    notes.push(`The alert names no namespace, so ${names} was looked for in ${namespace}.`);
  }
  if (sameAddress.length > 1) {
    const [first, ...others] = sameAddress.map(({ metadata }) => metadata.name);
    const { instance } = alert.labels;
    notes.push(
      `The address ${instance} is that of several nodes: ${first} was taken, ${others.join(", ")} have it too.`,
    );
  }
  const runsOn = objects.Pod?.spec?.nodeName;
  const node = objects.Node?.metadata.name;
  if (runsOn !== undefined && node !== undefined && runsOn !== node) {
    const pod = `${namespace}/${objects.Pod?.metadata.name}`;
    notes.push(`The alert leads to Node ${node} and to Pod ${pod}, which runs on ${runsOn}.`);
  }
  return notes;
}

const nameOfLookup = (lookup: Lookup): string | undefined =>
  lookup.outcome === "found" ? lookup.object.metadata.name : lookup.name;

/** A name outlives its object: a pod of a StatefulSet, a Job that is made again. */
function recreationOf({ startsAt }: Alert, { metadata }: KubernetesObject, name: string): string[] {
  const { creationTimestamp } = metadata;
  const created = Date.parse(creationTimestamp ?? "");
  // Alertmanager knows of times before the epoch where a sender gave none.
  if (startsAt === undefined || startsAt <= 0 || !(created > startsAt)) return [];
  const began = new Date(startsAt).toISOString().replace(".000Z", "Z");
  return [
    `${name} was created at ${creationTimestamp}, after the alert began to fire (${began}): the object of that name was another one then.`,
  ];
}

function unreachable({ name }: Cluster, { code, message }: ClusterError): string {
  const why = message.replace(`The cluster ${name} `, "it ");
  if (code === 0 || code >= 500) return `The cluster ${name} is unreachable: ${why}`;
  return `The cluster ${name} does not let Cortado read what the alert names: ${why}`;
}
