/** Composes the event that an action is given, from a delivery and what was resolved for it. */
import type { AlertDelivery, ChangeDelivery, IncomingDelivery, InvocationDelivery } from "../delivery.ts";
import { AbandonedError } from "../errors.ts";
import type { ExecutionBaseEvent, KubernetesAnyChangeEvent, KubernetesResourceEvent } from "../events/event.ts";
import { KubernetesAnyChangeEvent as AnyChange, ExecutionBaseEvent as BaseEvent } from "../events/event.ts";
import { createEvent, type EventClass } from "../events/event-class.ts";
import { type EventKind, eventClasses } from "../events/event-classes.gen.ts";
import { PrometheusKubernetesAlert } from "../events/prometheus-alert.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { Contribution } from "../findings/report.ts";
import { subjectOrder } from "../kubernetes/alert-labels.ts";
import { isKind, kindOf } from "../kubernetes/kinds.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { ObjectTypes } from "../kubernetes/objects.gen.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import type { NamedObject, Resolved } from "../kubernetes/resolve.ts";
import { alertDescription, alertTitle, prometheusQuery } from "./alert-texts.ts";

/** What an event is made of. One is made for each action, so that an abandoned one can be cut off without the others. */
export interface EventParts {
  readonly delivery: IncomingDelivery;
  readonly resolved: Resolved;
  /** Under the action's signal, reporting its calls. */
  readonly cluster: Cluster;
  readonly contribute: (contribution: Contribution) => void;
  /** True once the action was abandoned: whatever it still does must not count. */
  readonly abandoned: () => boolean;
  /** On an update, after the trigger's filters. */
  readonly changes: readonly FieldChange[];
  readonly late: boolean;
  /** Of an alert that fires on; 0 the first time. */
  readonly repeat: number;
}

type Members<E> = Omit<E, `~${string}`>;

export function makeEvent(parts: EventParts): ExecutionBaseEvent {
  switch (parts.delivery.kind) {
    case "alert":
      return alertEvent(parts, parts.delivery);
    case "change":
      return changeEvent(parts, parts.delivery);
    case "invocation":
      return invocationEvent(parts, parts.delivery);
  }
}

function baseMembers({ cluster, contribute, abandoned, resolved }: EventParts): Members<ExecutionBaseEvent> {
  const say = (contribution: Contribution) => {
    if (abandoned())
      throw new AbandonedError(
        "this action is over: it returned, or was abandoned at its deadline; what it says now is not heard",
      );
    contribute(contribution);
  };
  return {
    cluster,
    getSubject: () => resolved.subject,
    addEnrichment: (blocks, options = {}) => say({ do: "enrich", blocks, ...options }),
    addFinding: (attributes) => say({ do: "find", attributes }),
    addLink: (link) => say({ do: "link", link }),
    overrideFinding: (attributes) => say({ do: "override", attributes }),
    stopProcessing: () => say({ do: "stop" }),
  };
}

/** A getter of what was resolved: the object under this action's cluster, undefined where it is gone, the cluster's error where it could not tell. */
function getter<K extends EventKind>({ resolved, cluster, abandoned }: EventParts, kind: K) {
  const named: NamedObject | undefined = Object.entries(resolved.unread ?? {}).find(([unread]) => unread === kind)?.[1];
  let object: ObjectTypes[K] | undefined;
  return async (): Promise<ObjectTypes[K] | undefined> => {
    if (abandoned())
      throw new AbandonedError(
        "this action is over: it returned, or was abandoned at its deadline; it is given nothing more",
      );
    const found: KubernetesObject | undefined = resolved.objects[kind];
    if (found === undefined) {
      const error = resolved.errors[kind];
      if (error !== undefined) throw error;
      object ??= await read(cluster, kind, named);
      return object;
    }
    object ??= cluster.adopt(kind, { ...found });
    return object;
  };
}

const read = async <K extends EventKind>(cluster: Cluster, kind: K, named: NamedObject | undefined) =>
  named === undefined ? undefined : cluster.get(kind, named.name, named.namespace);

function alertEvent(parts: EventParts, { alert }: AlertDelivery): PrometheusKubernetesAlert {
  const getters = {
    getDeployment: getter(parts, "Deployment"),
    getDaemonSet: getter(parts, "DaemonSet"),
    getStatefulSet: getter(parts, "StatefulSet"),
    getNode: getter(parts, "Node"),
    getPod: getter(parts, "Pod"),
    getJob: getter(parts, "Job"),
    getHorizontalPodAutoscaler: getter(parts, "HorizontalPodAutoscaler"),
    getCronJob: getter(parts, "CronJob"),
    getReplicaSet: getter(parts, "ReplicaSet"),
    getPersistentVolumeClaim: getter(parts, "PersistentVolumeClaim"),
    getPersistentVolume: getter(parts, "PersistentVolume"),
    getPodDisruptionBudget: getter(parts, "PodDisruptionBudget"),
    getIngress: getter(parts, "Ingress"),
    getService: getter(parts, "Service"),
    getNamespace: getter(parts, "Namespace"),
  };
  return createEvent(PrometheusKubernetesAlert, {
    ...baseMembers(parts),
    ...getters,
    getResource: async () => {
      for (const kind of subjectOrder) {
        if (parts.resolved.objects[kind] !== undefined) return getters[`get${kind}`]();
      }
      for (const error of Object.values(parts.resolved.errors)) throw error;
      return undefined;
    },
    alert,
    alertName: alert.labels.alertname ?? "",
    alertSeverity: alert.labels.severity ?? "",
    repeat: parts.repeat,
    getTitle: () => alertTitle(alert),
    getDescription: () => alertDescription(alert),
    getPrometheusQuery: () => prometheusQuery(alert),
  });
}

function changeEvent(parts: EventParts, delivery: ChangeDelivery): KubernetesAnyChangeEvent {
  const { operation, object, oldObject } = delivery;
  const known = kindOf(object);
  const adopt = (it: KubernetesObject) => (known === undefined ? it : parts.cluster.adopt(known, { ...it }));
  const obj = adopt(object);
  const members: Members<KubernetesAnyChangeEvent> = {
    ...baseMembers(parts),
    operation,
    obj,
    oldObj: oldObject === undefined ? undefined : adopt(oldObject),
    changes: parts.changes,
    late: parts.late,
    getResource: async () => obj,
  };
  if (known === undefined) return createEvent(AnyChange, members);
  // The kind is known at run time only: its class adds one getter, of the object that every change event has.
  const { change }: { change: EventClass<never> } = eventClasses[known];
  const eventClass = change as EventClass<KubernetesAnyChangeEvent>;
  return createEvent(eventClass, Object.assign(members, { [`get${known}`]: async () => obj }));
}

function invocationEvent(parts: EventParts, { target }: InvocationDelivery): ExecutionBaseEvent {
  if (target === undefined || !isKind(target.kind)) return createEvent(BaseEvent, baseMembers(parts));
  const { kind } = target;
  const getResource = getter(parts, kind);
  // As above: the class adds one getter, of the object that the event is about.
  const { resource }: { resource: EventClass<never> } = eventClasses[kind];
  const eventClass = resource as EventClass<KubernetesResourceEvent>;
  const members: Members<KubernetesResourceEvent> = { ...baseMembers(parts), getResource };
  return createEvent(eventClass, Object.assign(members, { [`get${kind}`]: getResource }));
}
