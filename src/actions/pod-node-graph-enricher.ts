import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { nodeGraph, resourceGraphParams } from "./shared/resource-graphs.ts";

export const podNodeGraphEnricher = action({
  name: "pod_node_graph_enricher",
  description: "Draws what the node of a pod used of a resource of late.",
  on: PodEvent,
  effects: "read",
  permissions: [
    ...findsPrometheus,
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  ],
  params: z.strictObject(resourceGraphParams),
  async run(event, params, { log, prometheus }) {
    const node = await (await event.getPod())?.node();
    if (node === undefined) return log.info("no pod that has a node, no graph");
    event.addEnrichment([await nodeGraph(await prometheus(params), params, node)], { title: "Node resources" });
  },
});
