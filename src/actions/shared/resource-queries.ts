/** What is asked of Prometheus for the graph of a resource: CPU, memory or disk of a pod, a container or a node. */
import type { GraphFormat, PrometheusParams } from "../../index.ts";

export const resourceTypes = ["CPU", "Memory", "Disk"] as const;
export type ResourceType = (typeof resourceTypes)[number];
export const itemTypes = ["Pod", "Node", "Container"] as const;
export type ItemType = (typeof itemTypes)[number];

/** The formats' names in params. */
export const formats = {
  Plain: "plain",
  Bytes: "bytes",
  Percentage: "percentage",
  CPUUsage: "cpu_usage",
} as const satisfies Record<string, GraphFormat>;

export interface ResourceQuery {
  /** With the places `$namespace`, `$pod`, `$container` and `$node_internal_ip`. */
  readonly query: string;
  readonly format: GraphFormat;
}

const ofNode = `job="node-exporter", instance=~"$node_internal_ip:[0-9]+"`;
const ofPod = `namespace="$namespace", pod=~"$pod"`;
const ofContainer = `${ofPod}, container=~"$container"`;
const freeMemory = ["Buffers", "Cached", "MemFree", "Slab"].map((part) => `node_memory_${part}_bytes{${ofNode}}`);
const mostOf = (metric: string) => `max without (mountpoint, fstype) (${metric}{${ofNode}, fstype!=""})`;

/**
 * As in the model, but for the disk of a node, of which the model adds up how full each filesystem is. There is no query for the disk of
 * a pod or a container: the kubelet does not measure it for each.
 */
const queries: Readonly<Record<ResourceType, Partial<Readonly<Record<ItemType, string>>>>> = {
  CPU: {
    Pod: `sum(irate(container_cpu_usage_seconds_total{${ofPod}}[5m])) by (pod, job)`,
    Container: `sum(irate(container_cpu_usage_seconds_total{${ofContainer}}[5m])) by (container, pod, job)`,
    Node: `1 - avg without (cpu) (sum without (mode) (rate(node_cpu_seconds_total{${ofNode}, mode=~"idle|iowait|steal"}[5m]))) != 0`,
  },
  Memory: {
    Pod: `sum(container_memory_working_set_bytes{${ofPod}, container!="", image!=""}) by (pod, job)`,
    Container: `sum(container_memory_working_set_bytes{${ofContainer}, image!=""}) by (container, pod, job)`,
    Node: `1 - ((node_memory_MemAvailable_bytes{${ofNode}} or (${freeMemory.join(" + ")})) / node_memory_MemTotal_bytes{${ofNode}}) != 0`,
  },
  Disk: {
    Node: `1 - (${mostOf("node_filesystem_avail_bytes")} / ${mostOf("node_filesystem_size_bytes")}) != 0`,
  },
};

const formatOf = (resource: ResourceType, item: ItemType): GraphFormat => {
  if (item === "Node") return "percentage";
  return resource === "CPU" ? "cpu_usage" : resource === "Memory" ? "bytes" : "plain";
};

type Overrides = Pick<PrometheusParams, "prometheus_graphs_overrides">;

/** The query of the params' `prometheus_graphs_overrides`, else the built-in one; undefined where there is none. */
export function resourceQuery(
  resource: ResourceType,
  item: ItemType,
  { prometheus_graphs_overrides: overrides = [] }: Overrides,
): ResourceQuery | undefined {
  const own = overrides.find(({ resource_type, item_type }) => resource_type === resource && item_type === item);
  const query = own?.query ?? queries[resource][item];
  if (query === undefined) return undefined;
  const format = own?.values_format === undefined ? formatOf(resource, item) : formats[own.values_format];
  return { query, format };
}
