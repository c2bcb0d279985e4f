/** get and list. */

import { fieldSelector } from "./field-selector.ts";
import { isRecord, type JsonRecord } from "./json.ts";
import { labelSelector, type Selector } from "./label-selector.ts";
import type { ApiRequest } from "./request.ts";
import { integerIn } from "./request.ts";
import type { Resource } from "./resources.ts";
import { badRequest, notFound, Refusal } from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";
import { inVersion } from "./versions.ts";

export function getObject(store: ObjectStore, { resource, apiVersion, namespace, name = "" }: ApiRequest): ApiObject {
  const found = store.find(resource, name, namespace);
  if (found === undefined) throw notFound(resource, name);
  return inVersion(found, resource, apiVersion);
}

/** As in a real list, the items do not say their kind. */
export function listObjects(store: ObjectStore, request: ApiRequest): JsonRecord {
  const { resource, apiVersion, namespace, query } = request;
  const selected = store.list(resource, namespace).filter(selectorOf(query, resource));
  const limit = integerIn(query, "limit") ?? 0;
  const token = query.get("continue") ?? "";
  const from = token === "" ? undefined : readToken(token);
  const remaining = from === undefined ? selected : selected.filter((object) => positionOf(object) > from.start);
  const page = limit > 0 ? remaining.slice(0, limit) : remaining;
  const left = remaining.length - page.length;
  const last = page.at(-1);
  const revision = from?.revision ?? store.revision;
  const exact = !query.has("labelSelector") && !query.has("fieldSelector");
  return {
    kind: `${resource.kind}List`,
    apiVersion,
    metadata: {
      resourceVersion: String(revision),
      ...(left > 0 && last !== undefined ? { continue: writeToken({ revision, start: positionOf(last) }) } : {}),
      ...(left > 0 && exact ? { remainingItemCount: left } : {}),
    },
    items: page.map((object) => withoutType(inVersion(object, resource, apiVersion))),
  };
}

export function selectorOf(query: URLSearchParams, resource: Resource): Selector {
  const byLabels = labelSelector(query.get("labelSelector") ?? "");
  const byFields = fieldSelector(query.get("fieldSelector") ?? "", resource);
  return (object) => byLabels(object) && byFields(object);
}

export function withoutType({ kind: _kind, apiVersion: _apiVersion, ...rest }: ApiObject): JsonRecord {
  return rest;
}

interface Position {
  readonly revision: number;
  readonly start: string;
}

const positionOf = ({ metadata: { namespace, name } }: ApiObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

const writeToken = ({ revision, start }: Position): string =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start: `${start}\u0000` })).toString("base64url");

function readToken(token: string): Position {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (isRecord(read) && typeof read.start === "string" && typeof read.rv === "number") {
      return { revision: read.rv, start: read.start.slice(0, -1) };
    }
  } catch {
    // Told below, as for every other token that is not one.
  }
  throw badRequest("invalid continue token: continue key is not valid");
}

/** The revision that a watch or a list begins at. */
export function revisionIn(query: URLSearchParams): number | undefined {
  const text = query.get("resourceVersion");
  if (text === null || text === "") return undefined;
  if (!/^\d+$/.test(text)) {
    throw new Refusal(
      500,
      undefined,
      `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}
