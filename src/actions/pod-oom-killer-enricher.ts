import * as z from "zod";
import { action, type KubernetesNode, list, type Pod, PodEvent, parseKubernetesQuantity, pause } from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { attachLog, logParams } from "./shared/log-files.ts";
import { activePods } from "./shared/node-pods.ts";
import { graphDelay, lastKill, memoryOf, type OomKill, timeWithDelay } from "./shared/oom-kills.ts";
import { killGraph, nodeGraph, resourceGraphParams } from "./shared/resource-graphs.ts";
import { nodeRequests, percent, quantityText } from "./shared/resources.ts";

export const podOomKillerEnricher = action({
  name: "pod_oom_killer_enricher",
  description:
    "Shows which container of a pod was killed for its memory, what it may have, and what its node has left.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    ...findsPrometheus,
  ],
  timeout: timeWithDelay,
  params: z.strictObject({
    ...resourceGraphParams,
    resource_type: z.literal("Memory").default("Memory").describe("Only Memory: what the graphs show"),
    delay_graph_s: graphDelay,
    attach_logs: z.boolean().default(false).describe("Attach the log of the container's run that was killed"),
    container_memory_graph: z
      .boolean()
      .default(false)
      .describe("Draw the memory of the container, and what it may use"),
    node_memory_graph: z.boolean().default(false).describe("Draw the memory of the node"),
    dmesg_log: z
      .boolean()
      .refine((on) => !on, { error: "leave this out, and add the action pod_dmesg_enricher to the playbook" })
      .default(false)
      .describe("Only false: the kernel's log is read by `pod_dmesg_enricher`, as this action makes no pods"),
  }),
  async run(event, params, { log, signal, prometheus }) {
    const pod = await event.getPod();
    const kill = pod && lastKill(pod);
    if (kill === undefined) return log.info("no pod of which a container was killed for its memory");
    const node = await kill.pod.node();
    const nodeLine =
      node === undefined ? [] : [`Memory of node ${node.metadata.name}: ${await nodeMemory(event.cluster, node)}`];
    event.addEnrichment([list([...containerLines(kill), ...nodeLine])], { title: "Killed for its memory" });
    if (params.attach_logs) {
      const choice = z.strictObject(logParams).parse({ container_name: kill.container, previous: !kill.isDown });
      await attachLog(event, { pod: kill.pod }, choice);
    }
    if (!(params.container_memory_graph || params.node_memory_graph)) return;
    // Last, for everything else is known whether or not there is a Prometheus.
    await pause(params.delay_graph_s * 1_000, signal);
    const found = await prometheus(params);
    if (params.container_memory_graph) event.addEnrichment([await killGraph(found, params, kill)]);
    if (params.node_memory_graph && node) event.addEnrichment([await nodeGraph(found, params, node)]);
  },
});

const nodeMemory = async (cluster: PodEvent["cluster"], node: KubernetesNode): Promise<string> => {
  const allocatable = parseKubernetesQuantity(node.status?.allocatable?.memory ?? "0");
  const requested = nodeRequests(await activePods(cluster, node), "memory");
  return `${quantityText("memory", requested)} of ${quantityText("memory", allocatable)} requested (${percent(requested, allocatable)})`;
};

function containerLines(kill: OomKill): string[] {
  const { namespace, name } = nameOf(kill.pod);
  return [
    `Pod: ${namespace}/${name}`,
    `Container: ${kill.container}, with ${memoryOf(kill)}`,
    ...(kill.startedAt ? [`Started at ${kill.startedAt}`] : []),
    ...(kill.finishedAt ? [`Killed at ${kill.finishedAt}`] : []),
    `Restarts: ${kill.restarts}`,
  ];
}

const nameOf = ({ metadata: { namespace = "default", name } }: Pod) => ({ namespace, name });
