/** What a node has and runs, as tables. */
import {
  isPodReady,
  type KubernetesNode,
  type Pod,
  parseKubernetesQuantity,
  type TableBlock,
  table,
} from "../../index.ts";
import { nodeRequests, percent, quantityText } from "./resources.ts";

export const podsTable = (pods: readonly Pod[]): TableBlock =>
  table(
    ["namespace", "name", "ready"],
    pods.map((pod) => [pod.metadata.namespace ?? "", pod.metadata.name, isPodReady(pod) ? "True" : "False"]),
  );

/** Of every resource: what the node has, what of it pods can be given, and what these pods have asked for. */
export function resourcesTable({ status }: KubernetesNode, pods: readonly Pod[]): TableBlock {
  const { capacity = {}, allocatable = {} } = status ?? {};
  const rows = Object.entries(allocatable)
    .filter(([resource, text]) => !(resource.startsWith("hugepages-") && text === "0"))
    .map(([resource, text]) => [
      resource,
      shown(resource, capacity[resource]),
      shown(resource, text),
      requested(resource, text, pods),
    ]);
  return table(["resource", "capacity", "allocatable", "requested"], rows);
}

const isBytes = (resource: string) => /^(memory|ephemeral-storage|hugepages-.*)$/.test(resource);

const shown = (resource: string, text: string | undefined): string =>
  text !== undefined && isBytes(resource) ? quantityText(resource, parseKubernetesQuantity(text)) : (text ?? "");

function requested(resource: string, allocatable: string, pods: readonly Pod[]): string {
  const total = resource === "pods" ? pods.length : nodeRequests(pods, resource);
  const text = isBytes(resource) || resource === "cpu" ? quantityText(resource, total) : String(total);
  return `${text} (${percent(total, parseKubernetesQuantity(allocatable))})`;
}
