import * as z from "zod";
import { action, type EventRow, events, type KubernetesEvent, PodEvent } from "../index.ts";

export const podEventsEnricher = action({
  name: "pod_events_enricher",
  description: "Shows the latest Kubernetes events about a pod, newest first.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject({
    max_events: z.int().positive().default(8).describe("How many events at most"),
    included_types: z.array(z.string()).default(["Warning", "Normal"]).describe("Types of events: Warning, Normal"),
  }),
  async run(event, { max_events, included_types }, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no events");
    const types = included_types.map((type) => type.toLowerCase());
    const wanted = (await pod.events()).filter(({ type = "Normal" }) => types.includes(type.toLowerCase()));
    if (wanted.length === 0) return log.info("no events about the pod", { pod: pod.metadata.name });
    const rows = wanted.slice(-max_events).reverse().map(toRow);
    const { namespace, name } = pod.metadata;
    event.addEnrichment([events(`Pod ${namespace}/${name}`, rows)]);
  },
});

/** Events are written in two ways: with a count and two timestamps, or with a series and one. */
function toRow(event: KubernetesEvent): EventRow {
  const { type = "Normal", reason = "", message = "", count, series, eventTime, metadata } = event;
  const lastSeen =
    event.lastTimestamp || series?.lastObservedTime || eventTime || event.firstTimestamp || metadata.creationTimestamp;
  return { type, reason, message, count: count ?? series?.count ?? 1, lastSeen: lastSeen ?? "" };
}
