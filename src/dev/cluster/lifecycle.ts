/** The end of objects: deletion with preconditions and finalizers, eviction, and what goes along. */

import { checkEviction } from "./budgets.ts";
import { isRecord, timestamp } from "./json.ts";
import { selectorOf, withoutType } from "./reading.ts";
import { type ApiRequest, integerIn } from "./request.ts";
import type { Resource } from "./resources.ts";
import { deleted, notFound, preconditionFailed, Refusal, type Status } from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";
import { inVersion } from "./versions.ts";

/** The kinds whose deletion is answered with the object itself; all others get a Status. Seen at a real API server. */
const answeredWithObject = new Set([
  "Pod",
  "Namespace",
  "ServiceAccount",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "ResourceQuota",
]);

/** Finalizers of controllers that a real cluster has and that would be done at once. */
const finalizersOfControllers = new Set([
  "kubernetes.io/pvc-protection",
  "kubernetes.io/pv-protection",
  "foregroundDeletion",
  "orphan",
]);

interface DeletionOptions {
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly orphan: boolean;
}

export function deleteObject(store: ObjectStore, request: ApiRequest): ApiObject | Status {
  const { resource, namespace, name = "", dryRun } = request;
  const found = store.find(resource, name, namespace);
  if (found === undefined) throw notFound(resource, name);
  const options = optionsIn(request);
  checkPreconditions(resource, found, options);
  const ending = marked(resource, found, options);
  if (!dryRun) end(store, resource, ending, options);
  return answeredWithObject.has(resource.kind) || blocked(ending)
    ? inVersion(ending, resource, request.apiVersion)
    : deleted(resource, name, found.metadata.uid ?? "");
}

export function deleteCollection(store: ObjectStore, request: ApiRequest): Record<string, unknown> {
  const { resource, namespace, query, apiVersion, dryRun } = request;
  const options = optionsIn(request);
  const revision = store.revision;
  const found = store.list(resource, namespace).filter(selectorOf(query, resource));
  if (!dryRun) for (const object of found) end(store, resource, marked(resource, object, options), options);
  return {
    kind: `${resource.kind}List`,
    apiVersion,
    metadata: { resourceVersion: String(revision) },
    items: found.map((object) => withoutType(inVersion(object, resource, apiVersion))),
  };
}

export function evictPod(store: ObjectStore, request: ApiRequest): Status {
  const { resource, namespace, name = "", dryRun } = request;
  const found = store.find(resource, name, namespace);
  if (found === undefined) throw notFound(resource, name);
  const options = optionsIn(request, "deleteOptions");
  checkPreconditions(resource, found, options);
  checkEviction(store, found, request.body === "" ? undefined : parseOptions(request.body).apiVersion);
  if (!dryRun) end(store, resource, marked(resource, found, options), options);
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
}

/** An object whose last finalizer was taken away while it was being deleted goes. */
export function settle(store: ObjectStore, resource: Resource, object: ApiObject): ApiObject {
  const { deletionTimestamp, name, namespace } = object.metadata;
  if (deletionTimestamp !== undefined && !blocked(object)) store.erase(resource, name, namespace);
  return object;
}

const blocked = ({ metadata: { finalizers = [] } }: ApiObject): boolean =>
  finalizers.some((finalizer) => !finalizersOfControllers.has(finalizer));

function end(store: ObjectStore, resource: Resource, ending: ApiObject, { orphan }: DeletionOptions): void {
  const { name, namespace, uid } = ending.metadata;
  if (blocked(ending)) {
    store.write(resource, ending);
    return;
  }
  store.erase(resource, name, namespace);
  if (resource.kind === "Namespace") endWhere(store, (object) => object.metadata.namespace === name);
  if (!orphan) endWhere(store, ({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false);
}

/** What the garbage collector and the namespace controller of a real cluster do a little later. */
function endWhere(store: ObjectStore, concerned: (object: ApiObject) => boolean): void {
  const options: DeletionOptions = { orphan: false };
  for (const object of store.everything().filter(concerned)) {
    const resource = store.resourceOf(object);
    const { name, namespace } = object.metadata;
    if (store.find(resource, name, namespace) !== undefined)
      end(store, resource, marked(resource, object, options), options);
  }
}

/** What does not go at once is marked as going: pods for their grace period, namespaces, and whatever has finalizers. */
function marked(resource: Resource, object: ApiObject, { gracePeriodSeconds }: DeletionOptions): ApiObject {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const lingers = resource.kind === "Pod" || resource.kind === "Namespace" || finalizers.length > 0;
  if (deletionTimestamp !== undefined || !lingers) return object;
  const spec = isRecord(object.spec) ? object.spec : {};
  const ofPod = typeof spec.terminationGracePeriodSeconds === "number" ? spec.terminationGracePeriodSeconds : 30;
  const grace = resource.kind === "Pod" ? (gracePeriodSeconds ?? ofPod) : 0;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: timestamp(Date.now() + grace * 1000),
      ...(resource.kind === "Namespace" ? {} : { deletionGracePeriodSeconds: grace }),
    },
    ...(resource.kind === "Namespace" ? { status: { phase: "Terminating" } } : {}),
  };
}

function optionsIn({ body, query }: ApiRequest, within?: string): DeletionOptions {
  const sent = body === "" ? {} : parseOptions(body);
  const options = within === undefined ? sent : sent[within];
  const read = isRecord(options) ? options : {};
  const conditions = isRecord(read.preconditions) ? read.preconditions : {};
  // A body says everything: beside one, the query is not read.
  const grace = body === "" ? integerIn(query, "gracePeriodSeconds") : read.gracePeriodSeconds;
  const policy = body === "" ? query.get("propagationPolicy") : read.propagationPolicy;
  return {
    orphan: policy === "Orphan",
    ...(typeof grace === "number" ? { gracePeriodSeconds: grace } : {}),
    ...(typeof conditions.uid === "string" ? { uid: conditions.uid } : {}),
    ...(typeof conditions.resourceVersion === "string" ? { resourceVersion: conditions.resourceVersion } : {}),
  };
}

function parseOptions(body: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(body);
    return isRecord(read) ? read : {};
  } catch (error) {
    throw new Refusal(500, undefined, `couldn't get version/kind; json parse error: ${String(error)}`);
  }
}

function checkPreconditions(
  resource: Resource,
  { metadata }: ApiObject,
  { uid, resourceVersion }: DeletionOptions,
): void {
  if (uid !== undefined && uid !== metadata.uid) {
    throw preconditionFailed(
      resource,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw preconditionFailed(
      resource,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
