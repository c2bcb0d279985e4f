/** The node that the label `instance` points at. */
import { isIP } from "node:net";
import type { Alert } from "../delivery.ts";
import type { Cluster } from "./kubernetes.ts";
import type { KubernetesNode, Pod } from "./objects.gen.ts";

/** A DNS name, as nodes have. */
const nodeName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * The nodes whose name or address the alert's `instance` holds, with or without a port: one, hardly ever more. `pod` gives the pod that the alert names: its
 * own address is no node's, which saves reading all nodes for most alerts.
 */
export async function findNodes(
  { labels }: Alert,
  cluster: Cluster,
  pod: () => Promise<Pod | undefined>,
): Promise<KubernetesNode[]> {
  const { instance = "", job } = labels;
  if (instance === "" || instance.includes("kube-state-metrics") || job === "kube-state-metrics") return [];
  const host = hostOf(instance);
  if (isIP(host) === 0) {
    const node = nodeName.test(host) ? await cluster.get("Node", host) : undefined;
    return node === undefined ? [] : [node];
  }
  const scraped = await pod();
  if (scraped !== undefined && hasAddress(scraped, host) && scraped.spec?.hostNetwork !== true) return [];
  const nodes = await cluster.list("Node");
  return nodes.filter(({ status }) => status?.addresses?.some(({ address }) => address === host));
}

/** Without the port, and without the brackets of an IPv6 address. */
function hostOf(instance: string): string {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]*))(?::\d+)?$/.exec(instance) ?? [];
  return bracketed ?? plain ?? instance;
}

function hasAddress({ status }: Pod, address: string): boolean {
  return status?.podIP === address || status?.podIPs?.some(({ ip }) => ip === address) === true;
}
