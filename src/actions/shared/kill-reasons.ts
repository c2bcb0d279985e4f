/** Why containers were killed for their memory, as far as Prometheus can tell. */
import { type KubernetesNode, type Prometheus, type PrometheusParams, parseKubernetesQuantity } from "../../index.ts";
import { killedContainer, type OomKill } from "./oom-kills.ts";
import { fillQuery } from "./promql.ts";
import { nodeValues } from "./resource-graphs.ts";
import { resourceQuery } from "./resource-queries.ts";
import { percent } from "./resources.ts";

/** From what part of its limit, or of the node's memory, on that is the reason. */
const mostOfLimit = 0.92;
const mostOfNode = 0.95;

export interface KillQuestion {
  readonly kills: readonly OomKill[];
  readonly node: KubernetesNode;
  readonly params: PrometheusParams & { readonly metrics_duration_in_secs: number };
}

/** One for each kill, in their order. Throws a PrometheusError. */
export async function killReasons(prometheus: Prometheus, question: KillQuestion): Promise<string[]> {
  const [byContainer, ofNode] = await Promise.all([
    mostUsed(prometheus, question),
    mostUsedOfNode(prometheus, question),
  ]);
  return question.kills.map((kill) => {
    const limit = killedContainer(kill)?.resources?.limits?.memory;
    const most = limit === undefined ? 0 : parseKubernetesQuantity(limit);
    const used = byContainer.get(keyOf(kill.pod.metadata.namespace, kill.pod.metadata.name, kill.container)) ?? 0;
    if (most > 0 && used >= mostOfLimit * most) return `it used ${percent(used, most)} of its limit`;
    return ofNode >= mostOfNode ? `the node's memory was used to ${percent(ofNode, 1)}` : "unknown";
  });
}

const keyOf = (...names: readonly (string | undefined)[]): string => names.join("/");

/** Bytes, by namespace, pod and container. */
async function mostUsed(prometheus: Prometheus, { kills, params }: KillQuestion): Promise<Map<string, number>> {
  // Nothing in the name of a pod needs to be escaped; a dot means more than itself, but whose a series is, is looked at again.
  const names = [...new Set(kills.map(({ pod }) => pod.metadata.name))].join("|");
  const used = `container_memory_working_set_bytes{pod=~"${names}", container!="", image!=""}`;
  const samples = await prometheus.query(
    `max by (namespace, pod, container) (max_over_time(${used}[${params.metrics_duration_in_secs}s]))`,
  );
  return new Map(
    samples.map(({ labels: { namespace, pod, container }, value }) => [keyOf(namespace, pod, container), value]),
  );
}

/** From 0 to 1; 0 where it is not known. */
async function mostUsedOfNode(prometheus: Prometheus, { node, params }: KillQuestion): Promise<number> {
  const query = resourceQuery("Memory", "Node", params)?.query;
  if (query === undefined) return 0;
  const [sample] = await prometheus.query(
    `max_over_time((${fillQuery(query, nodeValues(node))})[${params.metrics_duration_in_secs}s:15s])`,
  );
  return sample?.value ?? 0;
}
