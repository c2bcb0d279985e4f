import { action, list, PodEvent } from "../index.ts";
import { conditionsTable } from "./shared/conditions.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";
import { podsTable, resourcesTable } from "./shared/node-tables.ts";

export const podEvictedEnricher = action({
  name: "pod_evicted_enricher",
  description: "Makes a finding of a pod that was evicted: why, how its node is, and what else runs there.",
  on: PodEvent,
  effects: "read",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }, ...readsNodeAndPods],
  async run(event, _params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod that was evicted");
    const { name, namespace = "default" } = pod.metadata;
    event.addFinding({
      title: `Pod ${name} in namespace ${namespace} was evicted`,
      aggregationKey: "PodEvictedTriggered",
      severity: "HIGH",
    });
    const { reason = "Evicted", message = "the kubelet does not say why" } = pod.status ?? {};
    event.addEnrichment([list([`${reason}: ${message.trim()}`])], { title: "Why" });
    const node = await pod.node();
    if (node === undefined) return log.info("the pod's node is gone");
    const pods = await activePods(event.cluster, node);
    const tables = [conditionsTable(node.status?.conditions ?? []), resourcesTable(node, pods)];
    event.addEnrichment(tables, { title: `Node ${node.metadata.name}` });
    if (pods.length > 0) event.addEnrichment([podsTable(pods)], { title: "Pods that run on it" });
  },
});
