/** The clusters of a configuration, each with one client, made when it is first asked for. */
import type { ConnectedCluster } from "./client.ts";
import type { KubeConfigSource } from "./kubeconfig.ts";
import type { Cluster } from "./kubernetes.ts";
import { unknownCluster } from "./unknown-cluster.ts";

export interface Clusters {
  /** The cluster of that name; one that refuses everything where the configuration has none. Throws a ConfigurationError for a bad kubeconfig. */
  open(name: string): Promise<Cluster>;
  close(): void;
}

export function openClusters(sources: ReadonlyMap<string, KubeConfigSource>): Clusters {
  const opened = new Map<string, Promise<ConnectedCluster>>();
  return {
    async open(name) {
      const source = sources.get(name);
      if (source === undefined) return unknownCluster(name);
      const known = opened.get(name);
      if (known !== undefined) return await known;
      const cluster = connect(name, source);
      opened.set(name, cluster);
      // A kubeconfig that is mended meanwhile counts.
      cluster.catch(() => opened.delete(name));
      return await cluster;
    },
    close() {
      for (const cluster of opened.values()) {
        cluster.then(
          (it) => it.close(),
          () => undefined,
        );
      }
    },
  };
}

async function connect(name: string, source: KubeConfigSource): Promise<ConnectedCluster> {
  const { leadsHome, loadKubeConfig } = await import("./kubeconfig.ts");
  const { createCluster } = await import("./client.ts");
  const kubeConfig = loadKubeConfig(source);
  return createCluster({ name, kubeConfig, inside: leadsHome(kubeConfig) });
}
