/** From what arrived to the objects it is about. */
import type { Alert, IncomingDelivery } from "../delivery.ts";
import { ClusterError } from "../errors.ts";
import type { Subject } from "../findings/finding.ts";
import { type AlertKind, nameIn, priority, scrapeKinds } from "./alert-labels.ts";
import { type Kind, kindOf, type kinds } from "./kinds.ts";
import type { Cluster } from "./kubernetes.ts";
import { findNodes } from "./node-of-alert.ts";
import type { KubernetesNode, ObjectTypes } from "./objects.gen.ts";
import type { KubernetesObject } from "./objects.ts";
import { infoOf } from "./paths.ts";
import { type Lookup, notesOn } from "./resolve-notes.ts";
import { resolveTarget } from "./resolve-target.ts";
import { intermediateOf, noSubject, subjectNamed, subjectOf, subjectOfChange, workloadOf } from "./subject.ts";

export { type AlertKind, labelOf } from "./alert-labels.ts";

/** The kinds that have event classes. */
export type ResolvedKind = { [K in Kind]: (typeof kinds)[K]["events"] extends true ? K : never }[Kind];

export interface Resolved {
  readonly objects: Readonly<Partial<Pick<ObjectTypes, ResolvedKind>>>;
  readonly subject: Subject;
  /** What the reader must know: a named object that is missing or was made anew, a cluster that cannot be asked. Sentences. */
  readonly notes: readonly string[];
  /** Why the cluster could not tell about an object that is named. */
  readonly errors: Readonly<Partial<Record<ResolvedKind, ClusterError>>>;
  /** What is named beside what the alert is about, by labels that are on most alerts: read when it is asked for. */
  readonly unread?: Unread;
}

type Unread = Readonly<Partial<Record<AlertKind, NamedObject>>>;

export interface NamedObject {
  readonly name: string;
  readonly namespace?: string;
}

/** Finds what a delivery is about. What the cluster refuses is in the result; throws only what is no ClusterError, as when it is aborted. */
export async function resolve(delivery: IncomingDelivery, cluster: Cluster): Promise<Resolved> {
  switch (delivery.kind) {
    case "alert":
      return resolveAlert(delivery.alert, cluster);
    case "change":
      return resolveObject(delivery.object, cluster);
    case "invocation":
      return resolveTarget(delivery.target, cluster);
  }
}

/** Finds every object that the alert's labels name. Never throws a ClusterError: what the cluster refuses is in the result. */
export async function resolveAlert(alert: Alert, cluster: Cluster): Promise<Resolved> {
  const namespace = alert.labels.namespace || "default";
  const objects: Partial<Pick<ObjectTypes, AlertKind>> = {};
  let sameAddress: readonly KubernetesNode[] = [];

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
      sameAddress = await findNodes(alert, cluster, async () => {
        await pod;
        return objects.Pod;
      });
      const [object] = sameAddress;
      if (object !== undefined) objects.Node = object;
      return object;
    });
    return byInstance ?? named;
  };
  const lookups = (
    await Promise.all(priority.map((kind) => (kind === "Pod" ? pod : kind === "Node" ? node() : look(kind))))
  ).filter((lookup) => lookup !== undefined);

  if (!lookups.some(isNamed)) {
    const service = await look("Service");
    // Many call by `service` what is no Service of Kubernetes.
    const scraped = service?.outcome === "missing" ? undefined : service;
    const last = scraped ?? (await look("Namespace"));
    if (last !== undefined) lookups.push(last);
  }
  const found = { alert, namespace, lookups, objects, sameAddress };
  return {
    objects,
    subject: await subjectAmong(alert, namespace, lookups, cluster),
    notes: notesOn(found, cluster),
    errors: Object.fromEntries(lookups.flatMap((it) => (it.outcome === "unknown" ? [[it.kind, it.error]] : []))),
    unread: unreadOf(alert, namespace, lookups),
  };
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

const isNamed = (lookup: Lookup): boolean => lookup.outcome === "found" || lookup.name !== undefined;

/** What exists counts first, and what may exist; what is missing is named where there is nothing else. */
async function subjectAmong(
  alert: Alert,
  namespace: string,
  lookups: readonly Lookup[],
  cluster: Cluster,
): Promise<Subject> {
  const named = lookups.filter(isNamed);
  const best = named.find(({ outcome }) => outcome !== "missing") ?? named[0];
  if (best === undefined) return noSubject(alert);
  if (best.outcome === "found") {
    return { ...subjectOf(best.kind, best.object, alert), ...(await workloadBeyond(best, cluster)) };
  }
  return subjectNamed(best.kind, best.name ?? "", namespace, alert);
}

/** What controls a pod's job, or its replica set where that does not say it in its name: one call, for those pods alone. */
async function workloadBeyond({ kind, object }: Lookup & { readonly outcome: "found" }, cluster: Cluster) {
  const owner = kind === "Pod" ? intermediateOf(object) : undefined;
  if (owner === undefined) return {};
  try {
    const read = await cluster.getReferred(owner, object.metadata.namespace);
    return read?.metadata.uid === owner.uid ? workloadOf(read) : {};
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return {};
  }
}

function unreadOf(alert: Alert, namespace: string, lookups: readonly Lookup[]): Unread {
  const unread: Partial<Record<AlertKind, NamedObject>> = {};
  for (const kind of scrapeKinds) {
    const name = nameIn(alert, kind);
    if (name === undefined || lookups.some((lookup) => lookup.kind === kind)) continue;
    unread[kind] = { name, ...(infoOf(kind).namespaced ? { namespace } : {}) };
  }
  return unread;
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
  return {
    objects: { [kind]: cluster.adopt(kind, object) },
    subject: subjectOfChange(kind, object),
    notes: [],
    errors: {},
  };
}
