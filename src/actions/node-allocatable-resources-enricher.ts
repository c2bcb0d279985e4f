import { action, NodeEvent } from "../index.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";
import { resourcesTable } from "./shared/node-tables.ts";

export const nodeAllocatableResourcesEnricher = action({
  name: "node_allocatable_resources_enricher",
  description: "Shows what a node has, how much of that pods can be given, and how much they have asked for already.",
  on: NodeEvent,
  effects: "read",
  permissions: readsNodeAndPods,
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no resources");
    const pods = await activePods(event.cluster, node);
    event.addEnrichment([resourcesTable(node, pods)], { title: `Resources of node ${node.metadata.name}` });
  },
});
