import { setTimeout as sleep } from "node:timers/promises";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { clusterKindsConformance, type KindsFixture } from "../conformance/cluster-kinds.ts";
import { kubeconfigPath } from "./tools.ts";

async function makeFixture(): Promise<KindsFixture> {
  const kubeConfig = loadKubeConfig({ from: "file", path: kubeconfigPath() });
  const cluster = createCluster({ name: "real", kubeConfig });
  const namespace = `kinds-${process.pid}`;
  await cluster.create("Namespace", { metadata: { name: namespace } });
  // Pods can be made once their service account is there, with its token.
  while ((await cluster.list("Secret", { namespace })).length === 0) await sleep(250);
  const close = async () => {
    await cluster.delete("Namespace", namespace);
    cluster.close();
  };
  return { cluster, namespace, close };
}

clusterKindsConformance("a real API server", makeFixture);
