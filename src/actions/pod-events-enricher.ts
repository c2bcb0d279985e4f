import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { eventParams, latestEvents } from "./shared/events.ts";

export const podEventsEnricher = action({
  name: "pod_events_enricher",
  description: "Shows the latest Kubernetes events about a pod, newest first.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject(eventParams),
  async run(event, params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no events");
    const block = await latestEvents(pod, params);
    if (block === undefined) return log.info("no events about the pod", { pod: pod.metadata.name });
    event.addEnrichment([block]);
  },
});
