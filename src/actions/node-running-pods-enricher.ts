import { action, isPodReady, markdown, NodeEvent, table } from "../index.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";

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
    const rows = pods.map((pod) => [
      pod.metadata.namespace ?? "",
      pod.metadata.name,
      isPodReady(pod) ? "True" : "False",
    ]);
    event.addEnrichment([table(["namespace", "name", "ready"], rows)], { title });
  },
});
