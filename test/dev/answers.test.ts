import { startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { answersConformance } from "../conformance/api-answers.ts";

answersConformance("the embedded cluster", async () => {
  const embedded = await startEmbeddedCluster({
    objects: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "answers" } }],
  });
  return { kubeconfig: embedded.kubeconfig, namespace: "answers", close: embedded.close };
});
