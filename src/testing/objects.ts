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
  const name = input.metadata?.name ?? sampleName(kind);
  const namespace = namespaced ? { namespace: input.metadata?.namespace ?? sampleNamespace } : {};
  const metadata: ObjectMeta = {
    uid: `uid-of-${kind.toLowerCase()}-${name}`,
    resourceVersion: "1",
    creationTimestamp: sampleTime,
    ...structuredClone(input.metadata),
    name,
    ...namespace,
  };
  return {
    apiVersion: apiVersionOf(kind, version),
    ...(kind === "Pod" ? samplePod() : {}),
    ...structuredClone({ ...input }),
    kind,
    metadata,
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
