/** Objects for tests: what a test leaves out is filled in, as an API server would have it. */
import type { Kind } from "../kubernetes/kinds.ts";
import type { KubernetesObject, ObjectMeta } from "../kubernetes/objects.ts";
import { apiVersionOf, infoOf } from "../kubernetes/paths.ts";

/** An object as far as a test cares about it: recorded JSON, or a few fields. */
export interface ObjectInput {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Partial<ObjectMeta>;
  readonly [field: string]: unknown;
}

/** An event about an object, as far as a test cares about it. */
export interface EventInput {
  readonly reason: string;
  readonly message?: string;
  /** Default `Warning`. */
  readonly type?: string;
  readonly count?: number;
  /** RFC 3339. */
  readonly lastTimestamp?: string;
}

const sampleNamespace = "shop";
const sampleTime = "2026-01-01T00:00:00Z";

/** Adds kind, name, namespace, uid, version and time where they are missing; a pod without a spec gets one container, `app`. */
export function completeObject(kind: Kind, input: ObjectInput = {}): KubernetesObject {
  const { namespaced, version } = infoOf(kind);
  const metadata = completeMetadata(kind, input, sampleName(kind), namespaced);
  return {
    apiVersion: apiVersionOf(kind, version),
    ...(kind === "Pod" ? samplePod() : {}),
    ...structuredClone({ ...input }),
    kind,
    metadata,
  };
}

/** The same for a kind that Cortado does not know. Throws a TypeError where it does not say its version and kind. */
export function completeCustomObject(input: ObjectInput) {
  const { apiVersion, kind } = input;
  if (!apiVersion?.includes("/") || !kind) {
    const problem = "which is not one that Cortado knows; one of a custom kind says its `apiVersion` too";
    throw new TypeError(`an object has the kind "${kind ?? ""}", ${problem}`);
  }
  const metadata = completeMetadata(kind, input, `checkout-${kind.toLowerCase()}`, true);
  return { ...structuredClone({ ...input }), apiVersion, kind, metadata };
}

function completeMetadata(kind: string, { metadata }: ObjectInput, sample: string, namespaced: boolean): ObjectMeta {
  const name = metadata?.name ?? sample;
  return {
    uid: `uid-of-${kind.toLowerCase()}-${name}`,
    resourceVersion: "1",
    creationTimestamp: sampleTime,
    ...structuredClone(metadata),
    name,
    ...(namespaced ? { namespace: metadata?.namespace ?? sampleNamespace } : {}),
  };
}

const sampleNames: Readonly<Partial<Record<Kind, string>>> = { Node: "node-1", Namespace: sampleNamespace };
const sampleName = (kind: Kind): string => sampleNames[kind] ?? `checkout-${kind.toLowerCase()}`;

const samplePod = () => ({
  spec: { nodeName: "node-1", containers: [{ name: "app", image: "registry.example/checkout:1" }] },
  status: {
    phase: "Running",
    containerStatuses: [{ name: "app", ready: true, restartCount: 0, state: { running: {} } }],
  },
});

export function completeEvent(event: EventInput, about: KubernetesObject, index: number): ObjectInput {
  const { name, namespace, uid } = about.metadata;
  const { lastTimestamp = sampleTime } = event;
  return {
    kind: "Event",
    metadata: { name: `${name}.${index}`, namespace: namespace ?? "default", resourceVersion: String(index + 1) },
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, ...(namespace ? { namespace } : {}), uid },
    type: "Warning",
    count: 1,
    firstTimestamp: lastTimestamp,
    ...event,
    lastTimestamp,
  };
}
