import { startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { type ChangingFixture, changingActions, handling } from "../conformance/changing-actions.ts";

const namespace = "changing";
const meta = (name: string) => ({ name, namespace });
const budget = (name: string) => ({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: meta(name) });

changingActions("the embedded cluster", async (): Promise<ChangingFixture> => {
  const embedded = await startEmbeddedCluster({
    objects: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" } },
    ],
  });
  const kubeConfig = loadKubeConfig({ from: "text", text: embedded.kubeconfig });
  const connected = createCluster({ name: "embedded", kubeConfig });

  const [, , script] = handling.command;
  embedded.scripts.exec({ command: script, stdout: handling.log });

  return {
    cluster: connected,
    namespace,
    holdBack: async (name) => {
      embedded.objects.put({ ...budget(name), spec: { minAvailable: 1, selector: { matchLabels: { app: name } } } });
    },
    letGo: async (name) => {
      embedded.objects.remove("PodDisruptionBudget", name, namespace);
    },
    makeDaemon: async () => {
      const ownerReferences = [
        { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "agent", controller: true },
      ];
      const spec = { nodeName: "node-1", containers: [{ name: "agent", image: "localhost/pause:1" }] };
      embedded.objects.put({ apiVersion: "v1", kind: "Pod", metadata: { ...meta("agent-x"), ownerReferences }, spec });
      return "agent-x";
    },
    close: async () => {
      connected.close();
      await embedded.close();
    },
  };
});
