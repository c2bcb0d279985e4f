import * as z from "zod";
import {
  action,
  type KubernetesNode,
  list,
  markdown,
  NodeEvent,
  type Pod,
  type Prometheus,
  parseKubernetesQuantity,
  podRequest,
  prometheusParams,
  table,
} from "../index.ts";
import { findsPrometheus } from "./shared/graphs.ts";
import { activePods, readsNodeAndPods } from "./shared/node-pods.ts";
import { fillQuery } from "./shared/promql.ts";
import { nodeValues } from "./shared/resource-graphs.ts";
import { percent, quantityText } from "./shared/resources.ts";

const notWorking = (mode: string) =>
  `avg by (instance) (rate(node_cpu_seconds_total{mode="${mode}", instance=~"$node|$node_internal_ip:.*"}[5m]))`;
const usedOfNode = `1 - ${notWorking("idle")} - ${notWorking("iowait")}`;
/** Without `image!=""` everything is counted twice, for there are also series for whole pods. */
const usedByPods = `sum(rate(container_cpu_usage_seconds_total{node="$node",pod!="",image!=""}[5m])) by (namespace, pod)`;

/** Pods that use less of the node are not listed. */
const least = 0.005;

export const nodeCpuEnricher = action({
  name: "node_cpu_enricher",
  description: "Says how much CPU is used on a node, how much of it by containers, and what its pods use and request.",
  on: NodeEvent,
  effects: "read",
  permissions: [...findsPrometheus, ...readsNodeAndPods],
  params: z.strictObject(prometheusParams),
  async run(event, params, { log, prometheus }) {
    const node = await event.getNode();
    if (node === undefined) return log.info("no node, no CPU");
    const [usage, pods] = await Promise.all([measure(await prometheus(params), node), activePods(event.cluster, node)]);
    const title = `CPU of node ${node.metadata.name}`;
    const rows = podRows(usage, pods);
    event.addEnrichment(
      [
        list(totals(usage)),
        ...(rows.length > 0 ? [table(["pod", "of the node", "cores used", "cores requested"], rows)] : []),
        markdown(
          "_A node runs out of CPU where its pods request less than they use, for it is given pods by what they request._",
        ),
      ],
      { title },
    );
  },
});

interface Usage {
  readonly cores: number;
  /** From 0 to 1; undefined where Prometheus does not know it. */
  readonly ofNode: number | undefined;
  /** In cores, by namespace/name. */
  readonly byPod: ReadonlyMap<string, number>;
}

async function measure(prometheus: Prometheus, node: KubernetesNode): Promise<Usage> {
  const values = nodeValues(node);
  const [ofNode, ofPods] = await Promise.all([
    prometheus.query(fillQuery(usedOfNode, values)),
    prometheus.query(fillQuery(usedByPods, values)),
  ]);
  return {
    cores: parseKubernetesQuantity(node.status?.capacity?.cpu ?? "0"),
    ofNode: ofNode[0]?.value,
    byPod: new Map(ofPods.map(({ labels, value }) => [`${labels.namespace}/${labels.pod}`, value])),
  };
}

function totals({ cores, ofNode, byPod }: Usage): string[] {
  const unknown = "unknown to Prometheus";
  const inPods = [...byPod.values()].reduce((sum, used) => sum + used, 0);
  const used = ofNode === undefined ? undefined : ofNode * cores;
  return [
    `Used on the node: ${used === undefined ? unknown : percent(used, cores)} of ${quantityText("cpu", cores)} cores`,
    `Used by containers: ${byPod.size === 0 ? unknown : percent(inPods, cores)}`,
    ...(used === undefined || byPod.size === 0
      ? []
      : [`Used by all else: ${percent(Math.max(0, used - inPods), cores)}`]),
  ];
}

/** Those that use most first. */
function podRows({ cores, byPod }: Usage, pods: readonly Pod[]): string[][] {
  const requests = new Map(
    pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, podRequest(pod, "cpu")]),
  );
  return [...byPod]
    .filter(([, used]) => used >= least * cores)
    .sort(([, a], [, b]) => b - a)
    .map(([name, used]) => {
      const requested = requests.get(name);
      return [
        name,
        percent(used, cores),
        quantityText("cpu", used),
        requested === undefined ? "" : quantityText("cpu", requested),
      ];
    });
}
