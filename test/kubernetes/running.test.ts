import { startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { commandsOfJobs, missingImage, type RunningFixture, running } from "../conformance/running.ts";

const namespace = "running";

running("the embedded cluster", async (): Promise<RunningFixture> => {
  const embedded = await startEmbeddedCluster({
    objects: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } },
    ],
  });
  for (const { script, ...answer } of Object.values(commandsOfJobs)) {
    embedded.scripts.exec({ namespace, command: script, ...answer });
  }
  embedded.scripts.missingImage(missingImage);
  const cluster = createCluster({
    name: "embedded",
    kubeConfig: loadKubeConfig({ from: "text", text: embedded.kubeconfig }),
  });
  return {
    cluster,
    namespace,
    seconds: { starts: 0.1, fails: 0 },
    close: async () => {
      cluster.close();
      await embedded.close();
    },
  };
});
