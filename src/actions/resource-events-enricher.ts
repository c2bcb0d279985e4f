import * as z from "zod";
import { action, KubernetesResourceEvent } from "../index.ts";
import { latestEventsOf, workloadEventParams } from "./shared/events.ts";
import { relatedPodsPermissions, worstPods } from "./shared/pods.ts";

export const resourceEventsEnricher = action({
  name: "resource_events_enricher",
  description:
    "Shows the latest Kubernetes events about an object and, where it is told to, about its pods; newest first.",
  on: KubernetesResourceEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["events"], verbs: ["list"] }, ...relatedPodsPermissions],
  params: z.strictObject(workloadEventParams),
  async run(event, { dependent_pod_mode, max_pods, max_events, included_types }, { log }) {
    const resource = await event.getResource();
    if (resource === undefined) return log.info("no object, no events");
    const workload = dependent_pod_mode && resource.kind !== "Pod" && resource.kind !== "Node";
    const pods = workload ? await worstPods(event.cluster, resource) : [];
    let left = max_events;
    const blocks = [];
    for (const object of [resource, ...pods.slice(0, max_pods)]) {
      if (left === 0) break;
      const block = await latestEventsOf(event.cluster, object, { max_events: left, included_types });
      if (block === undefined) continue;
      blocks.push(block);
      left -= block.events.length;
    }
    if (blocks.length > 0) event.addEnrichment(blocks, { title: "Events" });
    else log.info("no events about the object", { name: resource.metadata.name });
  },
});
