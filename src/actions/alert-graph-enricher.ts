import * as z from "zod";
import { action, PrometheusKubernetesAlert } from "../index.ts";
import { alertValues } from "./shared/alert-values.ts";
import { alertSpan, findsPrometheus } from "./shared/graphs.ts";
import { isDrawn, notDrawn, resourceGraph, resourceGraphParams } from "./shared/resource-graphs.ts";
import { type ItemType, itemTypes } from "./shared/resource-queries.ts";

/** The value without which there is nothing to ask about. */
const key = { Pod: "pod", Container: "container", Node: "node_internal_ip" } as const satisfies Record<
  ItemType,
  string
>;

export const alertGraphEnricher = action({
  name: "alert_graph_enricher",
  description: "Draws what the pod, the container or the node of an alert used of a resource: at least since it fired.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [...findsPrometheus, { apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
  params: z
    .strictObject({
      ...resourceGraphParams,
      item_type: z.enum(itemTypes).describe("Of what: Pod, Container or Node, as the alert's labels name it"),
    })
    .refine((params) => isDrawn(params.item_type)(params), notDrawn),
  async run(event, params, { log, prometheus }) {
    const item = params.item_type;
    const values = await alertValues(event, item === "Node" ? "node_internal_ip" : "");
    if (values[key[item]] === undefined) return log.info(`no graph: the alert names no ${item.toLowerCase()}`);
    const span = alertSpan(event.alert, params.graph_duration_minutes);
    const of = `${item.toLowerCase()} ${item === "Node" ? values.node : values[key[item]]}`;
    const block = await resourceGraph(await prometheus(params), params, { item, of, values, span });
    event.addEnrichment([block], { title: "Resources" });
  },
});
