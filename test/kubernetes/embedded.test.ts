import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from "../../src/dev/embedded-cluster.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import {
  type ClusterFixture,
  clusterConformance,
  commandsOfConformance,
  podsOfConformance,
} from "../conformance/cluster.ts";
import { rawApi } from "../conformance/raw-api.ts";

const namespace = "conformance";

/** To the effect that the pods' commands have on a real node. */
function script({ scripts }: EmbeddedCluster): void {
  scripts.log({ namespace, pod: "talker", container: "main", log: "line 1\nline 2\nline 3\nline 4\nline 5\n" });
  scripts.log({ namespace, pod: "talker", container: "side", log: "side\n" });
  scripts.log({ namespace, pod: "crasher", log: "crashing\n" });
  scripts.log({ namespace, pod: "crasher", previous: true, log: "crashing\n" });
  const { both, long, much } = commandsOfConformance;
  scripts.exec({ command: both, stdout: "out\n", stderr: "err\n", exitCode: 7 });
  scripts.exec({ command: long, stdout: "begun\n", hang: true });
  scripts.exec({ command: much, stdout: "x".repeat(3_000_000) });
  scripts.exec({ command: "sleep 600", hang: true });
}

async function makeFixture(options: EmbeddedClusterOptions): Promise<ClusterFixture> {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } };
  const pods = podsOfConformance.map((pod) => ({
    apiVersion: "v1",
    kind: "Pod",
    ...pod,
    metadata: { ...pod.metadata, namespace },
    spec: { ...pod.spec, nodeName: "node-1" },
  }));
  const embedded = await startEmbeddedCluster({ ...options, objects: [node, ...pods] });
  script(embedded);
  const kubeConfig = loadKubeConfig({ from: "text", text: embedded.kubeconfig });
  const cluster = createCluster({ name: "embedded", kubeConfig });
  const raw = rawApi(kubeConfig);
  return {
    cluster,
    api: raw.api,
    namespace,
    holdBack: async (name) => {
      const spec = { minAvailable: 1, selector: { matchLabels: { app: name } } };
      embedded.objects.put({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name, namespace },
        spec,
      });
    },
    close: async () => {
      cluster.close();
      raw.close();
      await embedded.close();
    },
  };
}

clusterConformance("the embedded cluster", () => makeFixture({}));
clusterConformance("the embedded cluster as an old one", () =>
  makeFixture({ groupVersions: { autoscaling: ["v1", "v2beta2"], policy: ["v1beta1"] }, version: "v1.20.2" }),
);
