import { action, list, NodeEvent, type Pod } from "../index.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";
import { percent } from "./shared/resources.ts";

export const nodePodsCapacityEnricher = action({
  name: "node_pods_capacity_enricher",
  description:
    "Says how many of the pods that a node can hold it holds, and how many of them ask for no CPU or memory.",
  on: NodeEvent,
  effects: "read",
  permissions: readsNodeAndPods,
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no pods");
    const pods = await activePods(event.cluster, node);
    const capacity = Number(node.status?.allocatable?.pods ?? node.status?.capacity?.pods);
    const ofAll = Number.isNaN(capacity) ? "" : ` of at most ${capacity} (${percent(pods.length, capacity)})`;
    const lines = [
      `Pods on the node: ${pods.length}${ofAll}`,
      ...["cpu", "memory"].map((resource) => withoutRequest(pods, resource)),
    ];
    event.addEnrichment([list(lines)], { title: `Pod capacity of node ${node.metadata.name}` });
  },
});

/** A container without a request makes the pod count for less than it may use. */
function withoutRequest(pods: readonly Pod[], resource: string): string {
  const without = pods.filter(({ spec }) =>
    spec?.containers.some(({ resources }) => resources?.requests?.[resource] === undefined),
  );
  const name = resource === "cpu" ? "CPU" : resource;
  return `Pods with a container that asks for no ${name}: ${without.length}`;
}
