import { readFileSync } from "node:fs";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { answersConformance } from "../conformance/api-answers.ts";
import { kubeconfigPath } from "./tools.ts";

answersConformance("a real API server", async () => {
  const kubeconfig = readFileSync(kubeconfigPath(), "utf8");
  const cluster = createCluster({ name: "real", kubeConfig: loadKubeConfig({ from: "text", text: kubeconfig }) });
  const namespace = `answers-${process.pid}`;
  await cluster.create("Namespace", { metadata: { name: namespace } });
  // Pods can be made once the service account has its token.
  while ((await cluster.list("Secret", { namespace })).length === 0) await new Promise((done) => setTimeout(done, 250));
  const close = async () => {
    await cluster.delete("Namespace", namespace);
    cluster.close();
  };
  return { kubeconfig, namespace, close };
});
