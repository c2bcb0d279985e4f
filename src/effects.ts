/** What a dry run would have changed, as its record and its trace tell it. */
import type { Json } from "./findings/blocks.ts";
import type { ClusterEffect } from "./kubernetes/kubernetes.ts";
import type { KubernetesObject } from "./kubernetes/objects.ts";
import { redactSecret } from "./receivers/redact-secret.ts";
import type { Effect } from "./trace.ts";
import { diffObjects } from "./triggers/diff.ts";

/** Plain data: without both versions of the object, and without the values of a Secret. */
export function effectOf({ before, after, ...effect }: ClusterEffect): Effect {
  if (after === undefined) return effect;
  const { object, oldObject } = redactSecret({
    object: asWritten(after),
    ...(before === undefined ? {} : { oldObject: asWritten(before) }),
  });
  return oldObject === undefined
    ? { ...effect, object: asJson(object) }
    : { ...effect, changes: diffObjects(oldObject, object) };
}

/** Without what the API server makes of it, which changes with every write. */
function asWritten({ metadata, ...object }: KubernetesObject): KubernetesObject {
  const { resourceVersion, uid, generation, creationTimestamp, ...written } = metadata;
  Reflect.deleteProperty(written, "managedFields");
  return { ...object, metadata: written };
}

const asJson = (object: KubernetesObject): Json => JSON.parse(JSON.stringify(object));
