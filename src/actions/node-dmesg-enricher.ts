import * as z from "zod";
import { action, NodeEvent } from "../index.ts";
import { attachDmesg, nodeCommandParams, runsOnNode } from "./shared/node-commands.ts";

export const nodeDmesgEnricher = action({
  name: "node_dmesg_enricher",
  description: "Attaches the kernel's log of a node (dmesg), read in a pod that is deleted afterwards.",
  on: NodeEvent,
  effects: "change",
  timeout: 120,
  permissions: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }, ...runsOnNode],
  params: z.strictObject(nodeCommandParams),
  async run(event, params, { log, signal }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no kernel log");
    await attachDmesg(event, node.metadata.name, { params, signal });
  },
});
