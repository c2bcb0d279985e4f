/** The scale subresource: a view of a workload's replicas. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/ */

import { at, isRecord, type JsonRecord } from "./json.ts";
import type { ApiRequest } from "./request.ts";
import { badRequest, conflict, notFound } from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";
import { parseJson, patchIn } from "./writing.ts";

export function scaleObject(store: ObjectStore, request: ApiRequest): JsonRecord {
  const { resource, namespace, name = "", verb, dryRun } = request;
  const before = store.find(resource, name, namespace);
  if (before === undefined) throw notFound({ ...resource, plural: `${resource.plural}/scale` }, name);
  if (verb === "get") return scaleOf(before);
  const next = verb === "patch" ? patchIn(request)(scaleOf(before)) : parseJson(request.body, badRequest);
  const version = at(next, "metadata", "resourceVersion");
  if (typeof version === "string" && version !== before.metadata.resourceVersion) throw conflict(resource, name);
  const after = withReplicas(before, at(next, "spec", "replicas") ?? 0);
  return scaleOf(dryRun ? after : store.write(resource, after));
}

function withReplicas(object: ApiObject, replicas: unknown): ApiObject {
  const { generation } = object.metadata;
  const changed = at(object, "spec", "replicas") !== replicas;
  return {
    ...object,
    metadata:
      generation === undefined ? object.metadata : { ...object.metadata, generation: generation + (changed ? 1 : 0) },
    spec: { ...(isRecord(object.spec) ? object.spec : {}), replicas },
  };
}

/** A Go integer that is 0 is left out of the spec, as the real answer leaves it out. */
function scaleOf(object: ApiObject): JsonRecord {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = at(object, "spec", "replicas") ?? 1;
  const labels = at(object, "spec", "selector", "matchLabels");
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: at(object, "status", "replicas") ?? 0,
      ...(isRecord(labels)
        ? {
            selector: Object.entries(labels)
              .map(([key, value]) => `${key}=${String(value)}`)
              .join(","),
          }
        : {}),
    },
  };
}
