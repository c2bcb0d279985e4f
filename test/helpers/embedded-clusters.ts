/** Embedded clusters with the official client on them. */
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterEach } from "vitest";
import {
  type ApiObject,
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from "../../src/dev/embedded-cluster.ts";

/** A function that starts one; all are closed after each test of the file. */
export function embeddedClusters(): (options?: EmbeddedClusterOptions) => ReturnType<typeof connect> {
  const open: EmbeddedCluster[] = [];
  afterEach(async () => {
    for (const cluster of open.splice(0)) await cluster.close();
  });
  return async (options) => {
    const connected = await connect(options);
    open.push(connected.cluster);
    return connected;
  };
}

async function connect(options: EmbeddedClusterOptions = {}) {
  const cluster = await startEmbeddedCluster(options);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(cluster.kubeconfig);
  return { cluster, kubeConfig, core: kubeConfig.makeApiClient(CoreV1Api) };
}

/** Without a status, so that it runs at once. */
export const podObject = (
  name: string,
  more: Partial<ApiObject["metadata"]> = {},
  containers = ["main"],
): ApiObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, ...more },
  spec: { containers: containers.map((container) => ({ name: container, image: `registry.test/${container}:1` })) },
});
