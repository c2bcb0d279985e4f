/** The node that the label `instance` points at. */
import { isIP } from "node:net";
import type { Alert } from "../delivery.ts";
import type { Cluster } from "./kubernetes.ts";
import type { KubernetesNode, Pod } from "./objects.gen.ts";

/** A DNS name, as nodes have. */
const nodeName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * The node whose name or address the alert's `instance` holds, with or without a port. `pod` gives the pod that the alert names: its
 * own address is no node's, which saves reading all nodes for most alerts.
 */
export async function findNode(
  { labels }: Alert,
  cluster: Cluster,
  pod: () => Promise<Pod | undefined>,
): Promise<KubernetesNode | undefined> {
  const { instance = "", job } = labels;
  if (instance === "" || instance.includes("kube-state-metrics") || job === "kube-state-metrics") return undefined;
  const host = hostOf(instance);
  if (isIP(host) === 0) return nodeName.test(host) ? cluster.get("Node", host) : undefined;
  const scraped = await pod();
  if (scraped !== undefined && hasAddress(scraped, host) && scraped.spec?.hostNetwork !== true) return undefined;
  const nodes = await cluster.list("Node");
  return nodes.find(({ status }) => status?.addresses?.some(({ address }) => address === host));
}

/** Without the port, and without the brackets of an IPv6 address. */
function hostOf(instance: string): string {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]*))(?::\d+)?$/.exec(instance) ?? [];
  return bracketed ?? plain ?? instance;
}

function hasAddress({ status }: Pod, address: string): boolean {
  return status?.podIP === address || status?.podIPs?.some(({ ip }) => ip === address) === true;
}
