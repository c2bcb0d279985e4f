import { type EmbeddedClusterOptions, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { clusterKindsConformance, type KindsFixture } from "../conformance/cluster-kinds.ts";

const namespace = "conformance";

async function makeFixture(options: EmbeddedClusterOptions): Promise<KindsFixture> {
  const home = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  const embedded = await startEmbeddedCluster({ ...options, objects: [home] });
  const kubeConfig = loadKubeConfig({ from: "text", text: embedded.kubeconfig });
  const cluster = createCluster({ name: "embedded", kubeConfig });
  const close = async () => {
    cluster.close();
    await embedded.close();
  };
  return { cluster, namespace, close };
}

const old = { autoscaling: ["v1", "v2beta2"], policy: ["v1beta1"], "networking.k8s.io": ["v1beta1"] };

clusterKindsConformance("the embedded cluster", () => makeFixture({}));
clusterKindsConformance("the embedded cluster as an old one", () => makeFixture({ groupVersions: old }));
