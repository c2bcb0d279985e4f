import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { eventParams, latestEvents } from "./shared/events.ts";

export const enrichPodWithNodeEvents = action({
  name: "enrich_pod_with_node_events",
  description: "Shows the latest Kubernetes events about the node that a pod runs on, newest first.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject(eventParams),
  async run(event, params, { log }) {
    const node = await (await event.getPod())?.node();
    if (node === undefined) return log.info("no pod on a node that exists, no events");
    const block = await latestEvents(node, params);
    if (block === undefined) return log.info("no events about the node", { node: node.metadata.name });
    event.addEnrichment([block]);
  },
});
