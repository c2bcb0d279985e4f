/**
 * Kubernetes Events come in two shapes: of the core group, as the API is read here, and of `events.k8s.io`, as the model's users know
 * them. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
import type { KubernetesObject } from "../kubernetes/objects.ts";

/** The names of one thing: in the core group, and in `events.k8s.io`. */
const names = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["count", "deprecatedCount"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["source", "deprecatedSource"],
  ["reportingComponent", "reportingController"],
] as const;

/** The object; an Event with its facts under both names, so that actions and scopes may use either. */
export function completeEvent(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Event") return object;
  const fields = new Map<string, unknown>(Object.entries(object));
  for (const [core, other] of names) {
    const fact = fields.get(core) ?? fields.get(other);
    if (fact === undefined || fact === null) continue;
    fields.set(core, fact);
    fields.set(other, fact);
  }
  return { ...Object.fromEntries(fields), metadata: object.metadata, kind: "Event" };
}
