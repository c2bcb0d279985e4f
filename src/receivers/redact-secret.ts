/** Secrets that come in as objects: their values end here, before anything is queued, recorded or told. */
import type { KubernetesObject } from "../kubernetes/objects.ts";

/** Stands where a value of a Secret was. */
export const redacted = "[redacted]";

/** Stands where the value before the change was, if it was another one: so that a change still shows as one. */
export const redactedBefore = "[redacted: another value]";

/** `kubectl apply` keeps the whole object in it. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubectl-kubernetes-io-last-applied-configuration */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

interface Versions {
  readonly object: KubernetesObject;
  readonly oldObject?: KubernetesObject;
}

/** Both versions of an object; of a Secret, copies with its keys and without its values. An action that needs a value reads the Secret. */
export function redactSecret({ object, oldObject }: Versions): Versions {
  if (object.kind?.toLowerCase() !== "secret") return { object, ...(oldObject === undefined ? {} : { oldObject }) };
  return {
    object: withoutValues(object),
    ...(oldObject === undefined ? {} : { oldObject: withoutValues(oldObject, object) }),
  };
}

function withoutValues(object: KubernetesObject, later?: KubernetesObject): KubernetesObject {
  const clean: KubernetesObject & Record<string, unknown> = { ...object };
  for (const field of ["data", "stringData"] as const) {
    if (clean[field] !== undefined) clean[field] = hide(clean[field], later && Reflect.get(later, field));
  }
  const { annotations } = object.metadata;
  if (annotations?.[lastApplied] !== undefined) {
    clean.metadata = { ...object.metadata, annotations: { ...annotations, [lastApplied]: redacted } };
  }
  return clean;
}

/** `later`: the same field after the change. */
function hide(values: unknown, later: unknown): unknown {
  if (!isRecord(values)) return redacted;
  const markerOf = ([key, value]: [string, unknown]) =>
    isRecord(later) && Object.hasOwn(later, key) && later[key] !== value ? redactedBefore : redacted;
  return Object.fromEntries(Object.entries(values).map((entry) => [entry[0], markerOf(entry)]));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
