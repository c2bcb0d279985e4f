/** create, update and patch. */

import { randomUUID } from "node:crypto";
import { parse as parseYaml } from "yaml";
import type { ObjectMeta } from "../../kubernetes/objects.ts";
import { mergePatch } from "../../testing/patch.ts";
import { checkName, checkSpec, generatedName } from "./checks.ts";
import { withDefaults } from "./defaults.ts";
import { isRecord, timestamp } from "./json.ts";
import { settle } from "./lifecycle.ts";
import { jsonPatch, sameJson } from "./patch.ts";
import type { ApiRequest } from "./request.ts";
import { splitApiVersion } from "./resources.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  notFound,
  Refusal,
  rejectedPatch,
  unsupportedMediaType,
} from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";
import { inVersion } from "./versions.ts";

const namespaces = { plural: "namespaces", group: "" };

export function createObject(store: ObjectStore, request: ApiRequest): ApiObject {
  const { resource, namespace, apiVersion, dryRun } = request;
  const sent = objectIn(request);
  const name = sent.metadata.name ?? generatedName(sent.metadata.generateName);
  checkName(resource.kind, name);
  if (resource.namespaced && namespace !== undefined && !namespaceExists(store, namespace)) {
    throw notFound(namespaces, namespace);
  }
  if (store.find(resource, name, namespace) !== undefined) throw alreadyExists(resource, name);
  const { uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...metadata } = sent.metadata;
  const object = withDefaults({
    ...sent,
    apiVersion,
    kind: resource.kind,
    metadata: { ...metadata, name, ...(resource.namespaced && namespace !== undefined ? { namespace } : {}) },
  });
  checkSpec(object);
  if (dryRun) return inVersion(unstored(object), resource, apiVersion);
  return inVersion(store.write(resource, object), resource, apiVersion);
}

export function updateObject(store: ObjectStore, request: ApiRequest): ApiObject {
  const { resource, namespace, name = "", apiVersion } = request;
  const sent = objectIn(request);
  if (sent.metadata.name !== undefined && sent.metadata.name !== name) throw otherName(sent.metadata.name, name);
  const before = store.find(resource, name, namespace);
  if (before === undefined) throw notFound(resource, name);
  return replace(store, request, before, { ...sent, apiVersion, metadata: { ...sent.metadata, name } });
}

export function patchObject(store: ObjectStore, request: ApiRequest): ApiObject {
  const { resource, namespace, name = "", apiVersion } = request;
  const patch = patchIn(request);
  const before = store.find(resource, name, namespace);
  if (before === undefined) throw notFound(resource, name);
  const patched = patch(inVersion(before, resource, apiVersion));
  if (!isRecord(patched) || !isRecord(patched.metadata)) throw rejectedPatch();
  const newName = patched.metadata.name;
  if (newName !== name) throw otherName(String(newName), name);
  const uid = patched.metadata.uid;
  const metadata = { ...patched.metadata, name, ...(typeof uid === "string" ? { uid } : {}) };
  return replace(store, request, before, { ...patched, apiVersion, metadata });
}

/** A function of the object, from the body of a patch request. */
export function patchIn({ contentType, body, method: _method }: ApiRequest): (object: unknown) => unknown {
  switch (contentType) {
    case "application/merge-patch+json": {
      const patch = parseJson(body, () => new Refusal(500, undefined, "Invalid JSON Patch"));
      if (!isRecord(patch)) throw rejectedPatch();
      return (object) => mergePatch(object, patch);
    }
    case "application/json-patch+json": {
      const patch = parseJson(body, () => badRequest("invalid character looking for beginning of value"));
      return (object) => jsonPatch(object, patch);
    }
    default:
      throw new Refusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  }
}

function replace(store: ObjectStore, request: ApiRequest, before: ApiObject, next: ApiObject): ApiObject {
  const { resource, name = "", apiVersion, subresource, dryRun } = request;
  const { resourceVersion, uid } = next.metadata;
  if (resourceVersion !== undefined && resourceVersion !== "" && resourceVersion !== before.metadata.resourceVersion) {
    throw conflict(resource, name);
  }
  if (uid !== undefined && uid !== before.metadata.uid) {
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${request.resource.plural}/${before.metadata.namespace ?? ""}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
    );
  }
  const object = subresource === "status" ? { ...before, status: next.status } : merged(request, before, next);
  checkSpec(object);
  if (sameJson(object, before)) return inVersion(before, resource, apiVersion);
  if (dryRun) return inVersion(object, resource, apiVersion);
  return inVersion(settle(store, resource, store.write(resource, object)), resource, apiVersion);
}

/** What the writer cannot change stays; the status is written by its subresource alone; a new spec is a new generation. */
function merged({ resource }: ApiRequest, before: ApiObject, next: ApiObject): ApiObject {
  const { generation } = before.metadata;
  const specChanged = !sameJson(next.spec, inVersion(before, resource, next.apiVersion ?? "").spec);
  const status = resource.subresources.includes("status") ? before.status : next.status;
  const { status: _status, ...rest } = next;
  return {
    ...rest,
    kind: resource.kind,
    metadata: {
      ...withoutOwned(next.metadata),
      ...onlyOwned(before.metadata),
      ...(generation === undefined ? {} : { generation: generation + (specChanged ? 1 : 0) }),
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** The metadata that the server owns. */
const owned = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generateName",
]);

const onlyOwned = (metadata: ObjectMeta): ObjectMeta => ({ ...filtered(metadata, true), name: metadata.name });
const withoutOwned = (metadata: ObjectMeta): Partial<ObjectMeta> => filtered(metadata, false);
const filtered = (metadata: ObjectMeta, wanted: boolean): Partial<ObjectMeta> =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => owned.has(key) === wanted));

type SentObject = Omit<ApiObject, "metadata"> & {
  readonly metadata: Partial<ApiObject["metadata"]>;
  [field: string]: unknown;
};

function objectIn({ contentType, body, resource, namespace, apiVersion }: ApiRequest): SentObject {
  const read = decodeBody(contentType, body, resource.kind);
  if (!isRecord(read)) throw unrecognized(resource.kind, "json: cannot unmarshal into Go value");
  const kind = read.kind ?? resource.kind;
  const sentVersion = String(read.apiVersion ?? apiVersion);
  if (kind !== resource.kind || splitApiVersion(sentVersion).group !== resource.group) {
    const { version } = splitApiVersion(sentVersion);
    throw badRequest(`${String(kind)} in version "${version}" cannot be handled as a ${resource.kind}`);
  }
  const metadata = isRecord(read.metadata) ? read.metadata : {};
  if (metadata.namespace !== undefined && namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return { ...read, metadata };
}

function decodeBody(contentType: string, body: string, kind: string): unknown {
  if (contentType === "application/yaml") return parseYaml(body);
  if (contentType !== "application/json" && contentType !== "") {
    throw unsupportedMediaType();
  }
  return parseJson(body, (message) => unrecognized(kind, message));
}

const unrecognized = (kind: string, message: string): Refusal =>
  badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${message}`,
  );

export function parseJson(text: string, refusal: (message: string) => Refusal): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

const otherName = (sent: string, inUrl: string): Refusal =>
  badRequest(`the name of the object (${sent}) does not match the name on the URL (${inUrl})`);

const namespaceExists = (store: ObjectStore, name: string): boolean =>
  store.find(store.resourceOf({ apiVersion: "v1", kind: "Namespace", metadata: { name } }), name) !== undefined;

function unstored(object: ApiObject): ApiObject {
  return { ...object, metadata: { ...object.metadata, uid: randomUUID(), creationTimestamp: timestamp(Date.now()) } };
}
