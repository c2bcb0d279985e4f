import * as z from "zod";
import { action, PodEvent, pause } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { graphDelay, lastKill, timeWithDelay } from "./shared/oom-kills.ts";
import { isDrawn, killGraph, notDrawn, resourceGraphParams } from "./shared/resource-graphs.ts";

export const oomkilledContainerGraphEnricher = action({
  name: "oomkilled_container_graph_enricher",
  description: "Draws what the container used that was killed for its memory, and what it may use.",
  on: PodEvent,
  effects: "read",
  permissions: [...findsPrometheus, { apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  timeout: timeWithDelay,
  params: z.strictObject({ ...resourceGraphParams, delay_graph_s: graphDelay }).refine(isDrawn("Container"), notDrawn),
  async run(event, params, { log, signal, prometheus }) {
    const pod = await event.getPod();
    const kill = pod && lastKill(pod);
    if (kill === undefined) return log.info("no pod of which a container was killed for its memory");
    await pause(params.delay_graph_s * 1_000, signal);
    event.addEnrichment([await killGraph(await prometheus(params), params, kill)], { title: "Container" });
  },
});
