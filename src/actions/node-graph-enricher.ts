import * as z from "zod";
import { action, NodeEvent } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { nodeGraph, resourceGraphParams } from "./shared/resource-graphs.ts";

export const nodeGraphEnricher = action({
  name: "node_graph_enricher",
  description: "Draws what a node used of a resource of late.",
  on: NodeEvent,
  effects: "read",
  permissions: [...findsPrometheus, { apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
  params: z.strictObject(resourceGraphParams),
  async run(event, params, { log, prometheus }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no graph");
    event.addEnrichment([await nodeGraph(await prometheus(params), params, node)], { title: "Node resources" });
  },
});
