/** Makers of events for tests: what happened, and the cluster in which it did. */
import type { Alert, IncomingDelivery, Operation } from "../delivery.ts";
import type { EventClass } from "../events/event-class.ts";
import { type EventKind, eventClasses } from "../events/event-classes.gen.ts";
import { PrometheusKubernetesAlert } from "../events/prometheus-alert.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { type AlertKind, labelOf } from "../kubernetes/resolve.ts";
import { diffObjects } from "../triggers/diff.ts";
import { type FakeCluster, type FakeClusterOptions, fakeCluster } from "./fake-cluster.ts";
import { completeEvent, completeObject, type EventInput, type ObjectInput } from "./objects.ts";

declare const emitted: unique symbol;

interface Happening {
  readonly eventClass: EventClass<never>;
  readonly delivery: IncomingDelivery;
  readonly cluster: FakeCluster;
  readonly changes: readonly FieldChange[];
  readonly late: boolean;
  readonly repeat: number;
}

/** What happened, for `runAction`: of the event class `E`. */
export interface TestEvent<out E> extends Happening {
  /** For the compiler only. */
  readonly [emitted]?: E;
}

/** The cluster around an event: more objects, and what pods say and answer. */
export interface World extends FakeClusterOptions {
  /** The Kubernetes events about the event's object. */
  readonly events?: readonly EventInput[];
  /** A cluster made before, for tests that look at it; the event's objects are added to it, and the other options are not used. */
  readonly cluster?: FakeCluster;
}

type EventOf<C> = C extends EventClass<infer E> ? E : never;
export type ResourceEventOf<K extends EventKind> = EventOf<(typeof eventClasses)[K]["resource"]>;
export type ChangeEventOf<K extends EventKind> = EventOf<(typeof eventClasses)[K]["change"]>;

/** An object, or null for one that is named but gone. */
type Named = ObjectInput | null;

export interface AlertEventOptions extends World {
  readonly status?: Alert["status"];
  /** Beside those that name the objects given. Default name and severity: `TestAlert`, `warning`. */
  readonly labels?: Alert["labels"];
  readonly annotations?: Alert["annotations"];
  readonly generatorUrl?: string;
  readonly startsAt?: number;
  readonly endsAt?: number;
  /** Which repeat of the alert it is; default 0, that it begins to fire. */
  readonly repeat?: number;
  readonly pod?: Named;
  readonly node?: Named;
  readonly deployment?: Named;
  readonly daemonset?: Named;
  readonly statefulset?: Named;
  readonly job?: Named;
  readonly horizontalpodautoscaler?: Named;
  readonly cronjob?: Named;
  readonly replicaset?: Named;
  readonly persistentvolumeclaim?: Named;
  readonly persistentvolume?: Named;
  readonly poddisruptionbudget?: Named;
  readonly ingress?: Named;
  readonly service?: Named;
  readonly namespace?: Named;
}

/** Called as the labels are, but for `job`, which in an alert is the scrape's. */
const optionOf = { ...labelOf, Job: "job" } as const satisfies Record<AlertKind, keyof AlertEventOptions>;

const alertKinds = Object.keys(optionOf) as AlertKind[];
const isAlertKind = (kind: string): kind is AlertKind => Object.hasOwn(optionOf, kind);

/** An alert, with labels that name the objects given. */
export function alertEvent(options: AlertEventOptions = {}): TestEvent<PrometheusKubernetesAlert> {
  const given = alertKinds.flatMap((kind) => {
    const input = options[optionOf[kind]];
    return input === undefined ? [] : [{ kind, exists: input !== null, object: completeObject(kind, input ?? {}) }];
  });
  const existing = given.flatMap(({ exists, object }) => (exists ? [object] : []));
  const namespace = given.find(({ object }) => object.metadata.namespace)?.object.metadata.namespace;
  const { status = "firing", annotations = {}, generatorUrl, startsAt = sampleTime, endsAt, repeat = 0 } = options;
  const alert: Alert = {
    status,
    labels: {
      alertname: "TestAlert",
      severity: "warning",
      ...(namespace === undefined ? {} : { namespace }),
      ...Object.fromEntries(given.map(({ kind, object }) => [labelOf[kind], object.metadata.name])),
      ...options.labels,
    },
    annotations,
    startsAt,
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(generatorUrl === undefined ? {} : { generatorUrl }),
    fingerprint: "0123456789abcdef",
  };
  const cluster = clusterFor(options, existing);
  const delivery = { ...identity(cluster, `alert#${alert.fingerprint}`), kind: "alert", alert } as const;
  return { eventClass: PrometheusKubernetesAlert, delivery, cluster, changes: [], late: false, repeat };
}

export interface ResourceEventOptions extends World {
  /** Default: a small one. Null: the event names one that is gone. */
  readonly object?: Named;
}

/**
 * An event about an object of the kind, as an alert that names it brings one; of kinds that alerts do not name, as an update of it.
 * Throws a TypeError for null where the kind is such a one: of an update there is always an object.
 */
export function resourceEvent<K extends EventKind>(
  kind: K,
  options: ResourceEventOptions = {},
): TestEvent<ResourceEventOf<K>> {
  const { object, ...world } = options;
  if (isAlertKind(kind)) {
    const named: Happening = alertEvent({ ...world, [optionOf[kind]]: object === undefined ? {} : object });
    return named;
  }
  if (object === null) throw new TypeError(`alerts name no ${kind}, so an event about one always has it`);
  const changed: Happening = changeEvent(kind, { ...world, ...(object === undefined ? {} : { obj: object }) });
  return changed;
}

export interface ChangeEventOptions extends World {
  /** Default `update`. */
  readonly operation?: Operation;
  /** After the change; default: a small one. */
  readonly obj?: ObjectInput;
  /** Before it; of an update. */
  readonly oldObj?: ObjectInput;
  /** Default: the fields in which the two differ. */
  readonly changes?: readonly FieldChange[];
  readonly late?: boolean;
}

/** A change of an object of the kind. */
export function changeEvent<K extends EventKind>(
  kind: K,
  options: ChangeEventOptions = {},
): TestEvent<ChangeEventOf<K>> {
  const { operation = "update", late = false } = options;
  const object = completeObject(kind, options.obj);
  const oldObject = options.oldObj === undefined ? undefined : completeObject(kind, options.oldObj);
  const cluster = clusterFor(options, operation === "delete" ? [] : [object]);
  return {
    eventClass: eventClasses[kind].change,
    delivery: {
      ...identity(cluster, `object#${object.metadata.uid}`),
      kind: "change",
      operation,
      object,
      ...(oldObject === undefined ? {} : { oldObject }),
    },
    cluster,
    changes: options.changes ?? (oldObject === undefined ? [] : diffObjects(oldObject, object)),
    late,
    repeat: 0,
  };
}

const sampleTime = Date.parse("2026-01-01T00:00:00Z");

const identity = ({ name }: FakeCluster, key: string) => ({ id: "test", key, cluster: name, acceptedAt: sampleTime });

function clusterFor({ cluster, events = [], ...options }: World, objects: readonly KubernetesObject[]): FakeCluster {
  const made = cluster ?? fakeCluster(options);
  made.put(...objects.map((object) => ({ ...object })));
  const [about] = objects;
  if (about !== undefined) made.put(...events.map((event, index) => completeEvent(event, about, index)));
  return made;
}

export interface PodEventOptions extends World {
  /** Default: a small one. Null: the event names one that is gone. */
  readonly pod?: Named;
  /** The node it runs on. */
  readonly node?: ObjectInput;
}

/** An event about a pod. */
export function podEvent({
  pod = {},
  node,
  objects = [],
  ...world
}: PodEventOptions = {}): TestEvent<ResourceEventOf<"Pod">> {
  if (node === undefined) return resourceEvent("Pod", { ...world, object: pod, objects });
  const host = completeObject("Node", node);
  const object = pod === null ? null : runningOn(host.metadata.name, { ...completeObject("Pod", pod) });
  return resourceEvent("Pod", { ...world, object, objects: [...objects, { ...host }] });
}

const runningOn = (nodeName: string, pod: ObjectInput): ObjectInput => ({
  ...pod,
  spec: { ...Object(pod.spec), nodeName },
});
