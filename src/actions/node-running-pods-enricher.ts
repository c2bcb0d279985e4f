import { action, markdown, NodeEvent } from "../index.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";
import { podsTable } from "./shared/node-tables.ts";

export const nodeRunningPodsEnricher = action({
  name: "node_running_pods_enricher",
  description: "Lists the pods that run on a node, and whether each is ready.",
  on: NodeEvent,
  effects: "read",
  permissions: readsNodeAndPods,
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no pods");
    const title = `Pods on node ${node.metadata.name}`;
    const pods = await activePods(event.cluster, node);
    if (pods.length === 0) return event.addEnrichment([markdown("_No pod runs on the node._")], { title });
    event.addEnrichment([podsTable(pods)], { title });
  },
});
