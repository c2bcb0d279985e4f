import * as z from "zod";
import { action, type Json, json, KubernetesResourceEvent, type Pod, relatedPods as podsOf } from "../index.ts";
import { podJson, podTable } from "./shared/pod-table.ts";
import { relatedPodsPermissions } from "./shared/pods.ts";

export const relatedPods = action({
  name: "related_pods",
  description:
    "Lists the pods of a workload, those on a node, those that a service, a disruption budget or a claim leads to, or the pod itself, with what they ask for and how they are.",
  on: KubernetesResourceEvent,
  effects: "read",
  permissions: relatedPodsPermissions,
  params: z.strictObject({
    output_format: z.enum(["table", "json"]).default("table").describe("How they are shown"),
    include_raw_data: z.boolean().default(false).describe("With `json`: each pod also as the cluster has it"),
    limit: z.int().positive().nullish().describe("How many at most; default: all"),
  }),
  async run(event, { output_format, include_raw_data, limit }, { log, clusterName }) {
    const resource = await event.getResource();
    if (resource === undefined) return log.info("no object, no pods");
    const pods = (await podsOf(event.cluster, resource)).slice(0, limit ?? undefined);
    const block =
      output_format === "table"
        ? podTable(pods, clusterName, "related pods")
        : json(
            pods.map((pod) => ({ ...podJson(pod, clusterName), ...(include_raw_data ? { raw_data: raw(pod) } : {}) })),
          );
    event.addEnrichment([block], { title: "Related pods" });
  },
});

const raw = (pod: Pod): Json => JSON.parse(JSON.stringify(pod));
