import * as z from "zod";
import { action, PrometheusKubernetesAlert } from "../index.ts";
import { eventParams, latestEvents } from "./shared/events.ts";

export const hpaEventsEnricher = action({
  name: "hpa_events_enricher",
  description: "Shows the latest Kubernetes events about the autoscaler that the alert names, newest first.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject(eventParams),
  async run(event, params, { log }) {
    const hpa = await event.getHorizontalPodAutoscaler();
    if (hpa === undefined) return log.info("no autoscaler, no events");
    const block = await latestEvents(hpa, params);
    if (block === undefined) return log.info("no events about the autoscaler", { hpa: hpa.metadata.name });
    event.addEnrichment([block]);
  },
});
