import * as z from "zod";
import { action, type KubernetesNode, list, type Pod, PodEvent, parseKubernetesQuantity } from "../index.ts";
import { memoryGraph, notYet } from "./shared/graph-params.ts";
import { attachLog, logParams } from "./shared/log-files.ts";
import { activePods } from "./shared/node-pods.ts";
import { killedAt, memoryOf, type OomKill, oomKills } from "./shared/oom-kills.ts";
import { nodeRequests, percent, quantityText } from "./shared/resources.ts";

const forGraphs = "For the graphs, of which there are none yet";

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
  ],
  params: z.strictObject({
    resource_type: z.string().describe(`${forGraphs}: the resource that they show, \`Memory\``),
    graph_duration_minutes: z.int().positive().default(60).describe(`${forGraphs}: how far back they go`),
    delay_graph_s: z.int().nonnegative().default(0).describe(`${forGraphs}: seconds to wait before`),
    attach_logs: z.boolean().default(false).describe("Attach the log of the container's run that was killed"),
    container_memory_graph: memoryGraph,
    node_memory_graph: memoryGraph,
    dmesg_log: notYet("kernel log of nodes"),
  }),
  async run(event, { attach_logs }, { log }) {
    const pod = await event.getPod();
    const kill =
      pod &&
      oomKills(pod)
        .sort((a, b) => killedAt(a) - killedAt(b))
        .at(-1);
    if (kill === undefined) return log.info("no pod of which a container was killed for its memory");
    const node = await kill.pod.node();
    const nodeLine =
      node === undefined ? [] : [`Memory of node ${node.metadata.name}: ${await nodeMemory(event.cluster, node)}`];
    event.addEnrichment([list([...containerLines(kill), ...nodeLine])], { title: "Killed for its memory" });
    if (!attach_logs) return;
    const params = z.strictObject(logParams).parse({ container_name: kill.container, previous: !kill.isDown });
    await attachLog(event, { pod: kill.pod }, params);
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
