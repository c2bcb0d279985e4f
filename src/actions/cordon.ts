import { action, markdown, NodeEvent } from "../index.ts";
import { cordons, setUnschedulable } from "./shared/cordoning.ts";

export const cordon = action({
  name: "cordon",
  description: "Cordons the node: no further pod is scheduled on it. The pods that run there stay.",
  on: NodeEvent,
  effects: "change",
  permissions: cordons,
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.warn("no node to cordon");
    const { name } = node.metadata;
    const changed = await setUnschedulable(event.cluster, node, true);
    const text = changed ? `Cordoned the node *${name}*.` : `The node *${name}* was cordoned already.`;
    event.addEnrichment([markdown(text)]);
  },
});
