import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { isDrawn, limitLines, notDrawn, podGraph, resourceGraphParams } from "./shared/resource-graphs.ts";

export const podGraphEnricher = action({
  name: "pod_graph_enricher",
  description: "Draws what a pod used of a resource of late.",
  on: PodEvent,
  effects: "read",
  permissions: [...findsPrometheus, { apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  params: z
    .strictObject({
      ...resourceGraphParams,
      display_limits: z.boolean().default(false).describe("Draw what the pod may use and what it requests, too"),
    })
    .refine(isDrawn("Pod"), notDrawn),
  async run(event, params, { log, prometheus }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no graph");
    const lines = params.display_limits ? limitLines(pod.spec?.containers ?? [], params.resource_type) : [];
    event.addEnrichment([await podGraph(await prometheus(params), params, pod, { lines })], { title: "Pod resources" });
  },
});
