import { action, markdown, NodeEvent } from "../index.ts";
import { cordons, setUnschedulable } from "./shared/cordoning.ts";

export const uncordon = action({
  name: "uncordon",
  description: "Uncordons the node: pods are scheduled on it again.",
  on: NodeEvent,
  effects: "change",
  permissions: cordons,
  async run(event, _params, { log }) {
    const node = await event.getNode();
    if (node === undefined) return log.warn("no node to uncordon");
    const { name } = node.metadata;
    const changed = await setUnschedulable(event.cluster, node, false);
    const text = changed ? `Uncordoned the node *${name}*.` : `The node *${name}* was not cordoned.`;
    event.addEnrichment([markdown(text)]);
  },
});
