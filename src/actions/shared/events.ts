/** Kubernetes events, as actions show them. */
import * as z from "zod";
import {
  type Cluster,
  type EventRow,
  type EventsBlock,
  events,
  type KubernetesEvent,
  type KubernetesObject,
} from "../../index.ts";
import { knownKind } from "./kind-param.ts";

/** The params of every action that shows events. */
export const eventParams = {
  max_events: z.int().positive().default(8).describe("How many events at most"),
  included_types: z.array(z.string()).default(["Warning", "Normal"]).describe("Types of events: Warning, Normal"),
};

/** Those of the actions that can show the events of a workload's pods. */
export const workloadEventParams = {
  ...eventParams,
  dependent_pod_mode: z.boolean().default(false).describe("Show the events of the workload's pods"),
  max_pods: z.int().positive().default(1).describe("Of how many pods at most, those that are not ready first"),
};

export interface EventChoice {
  readonly max_events: number;
  readonly included_types: readonly string[];
}

/** The latest events of an object, newest first; undefined where it has none of these types. */
export async function latestEvents(
  object: KubernetesObject & { events(): Promise<KubernetesEvent[]> },
  choice: EventChoice,
): Promise<EventsBlock | undefined> {
  return eventsBlock(nameOf(object), await object.events(), choice);
}

/** The same of an object of any kind; undefined too where it is of one that Cortado does not know. */
export async function latestEventsOf(cluster: Cluster, object: KubernetesObject, choice: EventChoice) {
  const kind = knownKind(object);
  return kind === undefined ? undefined : latestEvents(cluster.adopt(kind, object), choice);
}

/** Of a list that is sorted, oldest first, the newest events of these types, newest first; undefined where there is none. */
export function eventsBlock(
  name: string,
  all: readonly KubernetesEvent[],
  { max_events, included_types }: EventChoice,
): EventsBlock | undefined {
  const types = included_types.map((type) => type.toLowerCase());
  const wanted = all.filter(({ type = "Normal" }) => types.includes(type.toLowerCase()));
  return wanted.length === 0 ? undefined : events(name, wanted.slice(-max_events).reverse().map(toRow));
}

/** `Pod shop/checkout-7d9f` */
export function nameOf({ kind = "Object", metadata: { name, namespace } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** Events are written in two ways: with a count and two timestamps, or with a series and one. */
function toRow(event: KubernetesEvent): EventRow {
  const { type = "Normal", reason = "", message = "", count, series } = event;
  return { type, reason, message, count: count ?? series?.count ?? 1, lastSeen: lastSeen(event) };
}

/** RFC 3339; "" where the event does not say. */
const lastSeen = ({
  lastTimestamp,
  series,
  eventTime,
  firstTimestamp,
  metadata,
}: KubernetesEvent): EventRow["lastSeen"] =>
  lastTimestamp || series?.lastObservedTime || eventTime || firstTimestamp || metadata.creationTimestamp || "";
