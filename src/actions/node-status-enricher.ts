import { action, list, NodeEvent } from "../index.ts";
import { conditionsTable } from "./shared/conditions.ts";

export const nodeStatusEnricher = action({
  name: "node_status_enricher",
  description: "Shows a node's conditions, and whether it is cordoned or tainted.",
  on: NodeEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no status");
    const { unschedulable = false, taints = [] } = node.spec ?? {};
    const lines = [
      ...(unschedulable ? ["It is cordoned: no pod is scheduled on it."] : []),
      ...taints.map(({ key, value = "", effect }) => `Taint \`${key}${value && `=${value}`}:${effect}\``),
    ];
    const conditions = conditionsTable(node.status?.conditions ?? []);
    event.addEnrichment([conditions, ...(lines.length > 0 ? [list(lines)] : [])], {
      title: `Status of node ${node.metadata.name}`,
    });
  },
});
