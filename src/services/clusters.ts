/** The clusters of a generation, and where each is. */
import type { KubeConfigSource } from "../kubernetes/kubeconfig.ts";
import type { Configuration } from "../playbooks/configuration.ts";
import type { Generation } from "../playbooks/generation.ts";
import type { Settings } from "../settings.ts";

/** The cluster of everything that does not say otherwise. */
export const clusterNameOf = ({ clusterName = "default" }: Pick<Configuration, "clusterName">): string => clusterName;

export function clusterSources(
  settings: Settings,
  { configuration }: Generation,
): ReadonlyMap<string, KubeConfigSource> {
  return new Map<string, KubeConfigSource>([
    [clusterNameOf(configuration), settings.kubeConfig],
    ...configuration.clusters.map((cluster): [string, KubeConfigSource] => [cluster.name, kubeConfigOf(cluster)]),
  ]);
}

function kubeConfigOf({ kubeconfig, context }: Generation["configuration"]["clusters"][number]): KubeConfigSource {
  const within = context == null ? {} : { context };
  return kubeconfig == null ? { from: "default", ...within } : { from: "file", path: kubeconfig, ...within };
}
