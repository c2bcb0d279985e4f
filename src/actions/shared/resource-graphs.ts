/** Graphs of what pods, their containers and nodes use. */
import * as z from "zod";
import {
  type Block,
  type GraphOptions,
  type KubernetesNode,
  type Pod,
  type Prometheus,
  type PrometheusParams,
  parseKubernetesDatetime,
  prometheusParams,
  type Series,
} from "../../index.ts";
import { drawGraph, graphDuration, type MarkedSpan, spanOf, targetOf } from "./graphs.ts";
import { killedContainer, type OomKill } from "./oom-kills.ts";
import { fillQuery, type Values } from "./promql.ts";
import { type ItemType, type ResourceType, resourceQuery, resourceTypes } from "./resource-queries.ts";
import { totalOf } from "./resources.ts";

/** Of every action that draws what something uses. */
export const resourceGraphParams = {
  ...prometheusParams,
  resource_type: z.enum(resourceTypes).describe("CPU, Memory or Disk; Disk is known of nodes alone"),
  graph_duration_minutes: graphDuration,
};

type ResourceParams = PrometheusParams & { readonly resource_type: ResourceType };
export type ResourceGraphParams = ResourceParams & { readonly graph_duration_minutes: number };

/** For the params of an action that draws such items: whether there is a query. */
export const isDrawn = (item: ItemType) => (params: ResourceParams) =>
  resourceQuery(params.resource_type, item, params) !== undefined;

/** What a reader is told where there is none. */
export const notDrawn = {
  path: ["resource_type"],
  error: "There is no built-in query for this resource here; give one in `prometheus_graphs_overrides`",
};

interface ResourceGraph extends Pick<GraphOptions, "lines"> {
  readonly item: ItemType;
  /** As a reader knows it: `pod web-0`. */
  readonly of: string;
  readonly values: Values;
  /** Default: the params' duration until now. */
  readonly span?: MarkedSpan;
}

/** Throws a PrometheusError; an Error where there is no query, which `isDrawn` tells before. */
export function resourceGraph(
  prometheus: Prometheus,
  params: ResourceGraphParams,
  { item, of, values, span, ...options }: ResourceGraph,
): Promise<Block> {
  const { resource_type: resource, graph_duration_minutes: minutes } = params;
  const chosen = resourceQuery(resource, item, params);
  if (chosen === undefined) throw new Error(notDrawn.error);
  const { query, format } = chosen;
  return drawGraph(prometheus, {
    title: `${resource} ${format === "percentage" ? "utilization" : "usage"} of ${of}`,
    query: fillQuery(query, values),
    format,
    choose: fromOneJob,
    ...(span ?? spanOf(minutes)),
    ...options,
  });
}

export const podGraph = (
  prometheus: Prometheus,
  params: ResourceGraphParams,
  pod: Pod,
  options: Pick<GraphOptions, "lines"> = {},
): Promise<Block> =>
  resourceGraph(prometheus, params, {
    item: "Pod",
    of: `pod ${pod.metadata.name}`,
    values: podValues(pod),
    ...options,
  });

export const nodeGraph = (prometheus: Prometheus, params: ResourceGraphParams, node: KubernetesNode): Promise<Block> =>
  resourceGraph(prometheus, params, {
    item: "Node",
    of: `node ${node.metadata.name}`,
    values: nodeValues(node),
  });

const hour = 3_600_000;

/** The container that was killed, from at least an hour before, with what it may have. */
export function killGraph(prometheus: Prometheus, params: ResourceGraphParams, kill: OomKill): Promise<Block> {
  const { pod, container, finishedAt } = kill;
  const own = killedContainer(kill);
  const at = finishedAt === undefined ? undefined : parseKubernetesDatetime(finishedAt).getTime();
  return resourceGraph(prometheus, params, {
    item: "Container",
    of: `container ${container} of pod ${pod.metadata.name}`,
    values: { ...podValues(pod), container },
    lines: own === undefined ? [] : limitLines([own], params.resource_type),
    ...(at === undefined
      ? {}
      : { span: { ...spanOf(params.graph_duration_minutes, at - hour), marks: [{ name: "Killed", at }] } }),
  });
}

type Container = NonNullable<Pod["spec"]>["containers"][number];

/** What containers together may use, where each has a limit, and what they request. */
export function limitLines(
  containers: readonly Container[],
  resource: ResourceType,
): { name: string; value: number }[] {
  const key = resource.toLowerCase();
  const isLimited = containers.every(({ resources }) => resources?.limits?.[key] !== undefined);
  return [
    { name: "Limit", value: isLimited ? totalOf(containers, "limits", key) : 0 },
    { name: "Request", value: totalOf(containers, "requests", key) },
  ].filter(({ value }) => value > 0);
}

const podValues = ({ metadata: { name, namespace = "default" } }: Pod): Values => ({ pod: name, namespace });

export const nodeValues = (node: KubernetesNode): Values => ({
  node: node.metadata.name,
  node_internal_ip: internalAddress(node),
});

/** As it stands before the port in an address. */
function internalAddress({ status }: KubernetesNode): string | undefined {
  const address = status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
  return address?.includes(":") ? `[${address}]` : address;
}

/** Where two jobs measure the same container, the kubelet's series, else the first by the job's name. */
function fromOneJob(all: readonly Series[]): readonly Series[] {
  const rank = ({ labels: { job = "" } }: Series) => (job === "kubelet" ? "" : job);
  const chosen = new Map<string, Series>();
  for (const series of all) {
    const target = targetOf(series.labels);
    if (target === undefined) return all;
    const other = chosen.get(target);
    if (other === undefined || rank(series) < rank(other)) chosen.set(target, series);
  }
  return [...chosen.values()];
}
