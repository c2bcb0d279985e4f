import { action, NodeEvent, type Pod, parseKubernetesQuantity, table } from "../index.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";
import { nodeRequests, percent, quantityText } from "./shared/resources.ts";

export const nodeAllocatableResourcesEnricher = action({
  name: "node_allocatable_resources_enricher",
  description: "Shows what a node has, how much of that pods can be given, and how much they have asked for already.",
  on: NodeEvent,
  effects: "read",
  permissions: readsNodeAndPods,
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no resources");
    const { capacity = {}, allocatable = {} } = node.status ?? {};
    const pods = await activePods(event.cluster, node);
    const rows = Object.entries(allocatable)
      .filter(([resource, text]) => !(resource.startsWith("hugepages-") && text === "0"))
      .map(([resource, text]) => [
        resource,
        shown(resource, capacity[resource]),
        shown(resource, text),
        requested(resource, text, pods),
      ]);
    event.addEnrichment([table(["resource", "capacity", "allocatable", "requested"], rows)], {
      title: `Resources of node ${node.metadata.name}`,
    });
  },
});

const isBytes = (resource: string) => /^(memory|ephemeral-storage|hugepages-.*)$/.test(resource);

const shown = (resource: string, text: string | undefined): string =>
  text !== undefined && isBytes(resource) ? quantityText(resource, parseKubernetesQuantity(text)) : (text ?? "");

function requested(resource: string, allocatable: string, pods: readonly Pod[]): string {
  const total = resource === "pods" ? pods.length : nodeRequests(pods, resource);
  const text = isBytes(resource) || resource === "cpu" ? quantityText(resource, total) : String(total);
  return `${text} (${percent(total, parseKubernetesQuantity(allocatable))})`;
}
