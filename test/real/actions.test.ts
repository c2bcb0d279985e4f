import { setTimeout as sleep } from "node:timers/promises";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { changingActions } from "../conformance/changing-actions.ts";
import { makeBudget } from "./budgets.ts";
import { kubeconfigPath } from "./tools.ts";

changingActions("a real API server and kubelet", async () => {
  const cluster = createCluster({ name: "real", kubeConfig: loadKubeConfig({ from: "file", path: kubeconfigPath() }) });
  const namespace = `changing-${process.pid}`;
  await cluster.create("Namespace", { metadata: { name: namespace } });
  // Pods can be made once the service account has its token.
  while ((await cluster.list("Secret", { namespace })).length === 0) await sleep(250);

  const makeDaemon = async () => {
    const labels = { app: "agent" };
    const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: "agent", image: "localhost/pause:1" }] };
    await cluster.create("DaemonSet", {
      metadata: { name: "agent", namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
    for (;;) {
      const [pod] = await cluster.list("Pod", { namespace, labelSelector: "app=agent" });
      if (pod !== undefined) return pod.metadata.name;
      await sleep(100);
    }
  };

  return {
    cluster,
    namespace,
    holdBack: (name) => makeBudget(cluster, namespace, name),
    letGo: async (name) => {
      await cluster.delete("PodDisruptionBudget", name, namespace);
    },
    makeDaemon,
    close: async () => {
      await cluster.delete("Namespace", namespace);
      cluster.close();
    },
  };
});
