/** Who runs a cluster, in the words that sinks and templates use. */
import { isCortadoError } from "../errors.ts";
import type { Cluster } from "./kubernetes.ts";
import type { KubernetesNode } from "./objects.gen.ts";

/** Labels say more than the provider's id: a kops cluster's nodes have that of AWS. */
const byLabel: readonly (readonly [prefix: string, provider: string])[] = [
  ["kops.k8s.io/", "Kops"],
  ["minikube.k8s.io/", "Minikube"],
  ["eks.amazonaws.com/", "EKS"],
  ["cloud.google.com/gke-", "GKE"],
  ["kubernetes.azure.com/", "AKS"],
  ["doks.digitalocean.com/", "DigitalOcean"],
  ["k8s.scaleway.com/", "Kapsule"],
];

/** The scheme of `spec.providerID`. */
const byProviderId: Readonly<Record<string, string>> = {
  aws: "EKS",
  gce: "GKE",
  azure: "AKS",
  kind: "Kind",
  digitalocean: "DigitalOcean",
  scaleway: "Kapsule",
};

/** `GKE`, `AKS`, `EKS`, `Kind`, `Minikube`, `RancherDesktop`, `Kapsule`, `Kops`, `DigitalOcean`, or `Unknown`. */
export function providerOf({ metadata, spec }: Pick<KubernetesNode, "metadata" | "spec">): string {
  const labels = Object.keys(metadata.labels ?? {});
  const labelled = byLabel.find(([prefix]) => labels.some((label) => label.startsWith(prefix)))?.[1];
  if (labelled !== undefined) return labelled;
  if (metadata.name === "lima-rancher-desktop") return "RancherDesktop";
  return byProviderId[spec?.providerID?.split(":")[0] ?? ""] ?? "Unknown";
}

/** Throws a ClusterError, but not where Cortado may not read nodes: then nobody can tell. */
export async function readProvider(cluster: Cluster): Promise<string> {
  try {
    const [node] = await cluster.list("Node", { limit: 1 });
    return node === undefined ? "Unknown" : providerOf(node);
  } catch (error) {
    if (isCortadoError(error) && error.name === "ClusterError" && "code" in error && error.code === 403)
      return "Unknown";
    throw error;
  }
}
