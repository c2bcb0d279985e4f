/** From what arrived to the objects it is about. */
import type { Alert, IncomingDelivery } from "../delivery.ts";
import { ClusterError } from "../errors.ts";
import type { Subject } from "../findings/finding.ts";
import { type Kind, kindOf, type kinds } from "./kinds.ts";
import type { Cluster } from "./kubernetes.ts";
import { findNode } from "./node-of-alert.ts";
import type { ObjectTypes } from "./objects.gen.ts";
import type { KubernetesObject } from "./objects.ts";
import { infoOf } from "./paths.ts";
import { noSubject, subjectNamed, subjectOf } from "./subject.ts";

/** The kinds that have event classes. */
export type ResolvedKind = { [K in Kind]: (typeof kinds)[K]["events"] extends true ? K : never }[Kind];

export interface Resolved {
  readonly objects: Readonly<Partial<Pick<ObjectTypes, ResolvedKind>>>;
  readonly subject: Subject;
  /** What the reader must know: a named object that is missing, a cluster that cannot be asked. Sentences. */
  readonly notes: readonly string[];
  /** Why the cluster could not tell about an object that is named. */
  readonly errors: Readonly<Partial<Record<ResolvedKind, ClusterError>>>;
}

/** The label that names an object of the kind. `job` is Prometheus' scrape job. */
export const labelOf = {
  Deployment: "deployment",
  DaemonSet: "daemonset",
  StatefulSet: "statefulset",
  Node: "node",
  Pod: "pod",
  Job: "job_name",
  HorizontalPodAutoscaler: "horizontalpodautoscaler",
} as const satisfies Partial<Record<ResolvedKind, string>>;
export type AlertKind = keyof typeof labelOf;

/** Which of several objects the alert is about. */
const priority = [
  "Deployment",
  "DaemonSet",
  "StatefulSet",
  "Node",
  "Pod",
  "Job",
  "HorizontalPodAutoscaler",
] as const satisfies readonly AlertKind[];

/** What was found where the labels point. */
type Lookup =
  | { readonly outcome: "found"; readonly kind: AlertKind; readonly object: KubernetesObject }
  | { readonly outcome: "missing"; readonly kind: AlertKind; readonly name: string }
  | { readonly outcome: "unknown"; readonly kind: AlertKind; readonly name?: string; readonly error: ClusterError };

/** Finds what a delivery is about. What the cluster refuses is in the result; throws only what is no ClusterError, as when it is aborted. */
export async function resolve(delivery: IncomingDelivery, cluster: Cluster): Promise<Resolved> {
  return delivery.kind === "alert" ? resolveAlert(delivery.alert, cluster) : resolveObject(delivery.object, cluster);
}

/** Finds every object that the alert's labels name. Never throws a ClusterError: what the cluster refuses is in the result. */
export async function resolveAlert(alert: Alert, cluster: Cluster): Promise<Resolved> {
  const namespace = alert.labels.namespace || "default";
  const objects: Partial<Pick<ObjectTypes, AlertKind>> = {};

  const look = async <K extends AlertKind>(kind: K): Promise<Lookup | undefined> => {
    const name = nameIn(alert, kind);
    if (name === undefined) return undefined;
    return settled(kind, name, async () => {
      const object = await cluster.get(kind, name, infoOf(kind).namespaced ? namespace : undefined);
      if (object !== undefined) objects[kind] = object;
      return object;
    });
  };

  const pod = look("Pod");
  const node = async (): Promise<Lookup | undefined> => {
    const named = await look("Node");
    if (named !== undefined && named.outcome !== "missing") return named;
    const byInstance = await settled("Node", undefined, async () => {
      const object = await findNode(alert, cluster, async () => {
        await pod;
        return objects.Pod;
      });
      if (object !== undefined) objects.Node = object;
      return object;
    });
    return byInstance ?? named;
  };
  const lookups = await Promise.all(
    priority.map((kind) => (kind === "Pod" ? pod : kind === "Node" ? node() : look(kind))),
  );
  return conclude(
    alert,
    cluster,
    namespace,
    objects,
    lookups.filter((lookup) => lookup !== undefined),
  );
}

/** An empty name says nothing, and kube-state-metrics names itself where it knows of no object. */
function nameIn({ labels }: Alert, kind: AlertKind): string | undefined {
  const name = labels[labelOf[kind]];
  return name === undefined || name === "" || name.includes("kube-state-metrics") ? undefined : name;
}

async function settled(
  kind: AlertKind,
  name: string | undefined,
  read: () => Promise<KubernetesObject | undefined>,
): Promise<Lookup | undefined> {
  try {
    const object = await read();
    if (object !== undefined) return { outcome: "found", kind, object };
    return name === undefined ? undefined : { outcome: "missing", kind, name };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { outcome: "unknown", kind, error, ...(name === undefined ? {} : { name }) };
  }
}

function conclude(
  alert: Alert,
  cluster: Cluster,
  namespace: string,
  objects: Resolved["objects"],
  lookups: readonly Lookup[],
): Resolved {
  const nameOf = (kind: AlertKind, name: string) => `${kind} ${infoOf(kind).namespaced ? `${namespace}/` : ""}${name}`;
  const missing = lookups.flatMap((lookup) =>
    lookup.outcome === "missing"
      ? [`${nameOf(lookup.kind, lookup.name)} is named by the alert but does not exist in the cluster.`]
      : [],
  );
  const unknown = lookups.filter((lookup) => lookup.outcome === "unknown");
  const errors = Object.fromEntries(unknown.map(({ kind, error }) => [kind, error]));
  const [first] = unknown;
  const notes = first === undefined ? missing : [...missing, unreachable(cluster, first.error)];
  return { objects, subject: subjectAmong(alert, namespace, lookups), notes, errors };
}

/** What exists counts first, and what may exist; what is missing is named where there is nothing else. */
function subjectAmong(alert: Alert, namespace: string, lookups: readonly Lookup[]): Subject {
  const named = lookups.filter((lookup) => lookup.outcome === "found" || lookup.name !== undefined);
  const best = named.find(({ outcome }) => outcome !== "missing") ?? named[0];
  if (best === undefined) return noSubject(alert);
  if (best.outcome === "found") return subjectOf(best.kind, best.object, alert);
  return subjectNamed(best.kind, best.name ?? "", namespace, alert);
}

function unreachable({ name }: Cluster, { code, message }: ClusterError): string {
  const why = message.replace(`The cluster ${name} `, "it ");
  if (code === 0 || code >= 500) return `The cluster ${name} is unreachable: ${why}`;
  return `The cluster ${name} does not let Cortado read what the alert names: ${why}`;
}

/** The object that a change is of. Asks the cluster nothing. */
export function resolveObject(object: KubernetesObject, cluster: Cluster): Resolved {
  const kind = kindOf(object);
  if (kind === undefined) {
    const { name, namespace, labels = {}, annotations = {} } = object.metadata;
    const within = namespace === undefined ? {} : { namespace };
    return {
      objects: {},
      subject: { name, kind: object.kind?.toLowerCase() || "none", ...within, labels, annotations },
      notes: [],
      errors: {},
    };
  }
  return { objects: { [kind]: cluster.adopt(kind, object) }, subject: subjectOf(kind, object), notes: [], errors: {} };
}
