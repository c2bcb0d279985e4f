import * as z from "zod";
import { action, KubernetesResourceEvent, table } from "../index.ts";
import { conditionsOf } from "./shared/conditions.ts";

export const statusEnricher = action({
  name: "status_enricher",
  description:
    "Shows the conditions in an object's status: whether a deployment progresses, a node is ready, a job failed.",
  on: KubernetesResourceEvent,
  effects: "read",
  params: z.strictObject({
    show_details: z.boolean().default(false).describe("Also show each condition's message"),
  }),
  async run(event, { show_details }, { log }) {
    const resource = await event.getResource();
    const conditions = resource === undefined ? [] : conditionsOf(resource);
    if (conditions.length === 0) return log.info("no object with conditions");
    const headers = ["Type", "Status", ...(show_details ? ["Message"] : [])];
    const rows = conditions.map(({ type, status, reason, message }) =>
      show_details ? [type, status, message || reason || ""] : [type, status],
    );
    event.addEnrichment([table(headers, rows)], { title: `${resource?.kind} status` });
  },
});
