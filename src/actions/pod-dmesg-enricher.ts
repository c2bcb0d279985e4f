import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { attachDmesg, nodeCommandParams, runsOnNode } from "./shared/node-commands.ts";

export const podDmesgEnricher = action({
  name: "pod_dmesg_enricher",
  description:
    "Attaches the kernel's log (dmesg) of the node that a pod runs on, read in a pod that is deleted afterwards.",
  on: PodEvent,
  effects: "change",
  timeout: 120,
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }, ...runsOnNode],
  params: z.strictObject(nodeCommandParams),
  async run(event, params, { log, signal }) {
    const pod = await event.getPod();
    const node = pod?.spec?.nodeName;
    if (node === undefined) return log.info("no pod on a node, no kernel log");
    await attachDmesg(event, node, { params, signal });
  },
});
