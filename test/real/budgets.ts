/** Disruption budgets of a real cluster, which are not a kind of the cluster port. */
import { setTimeout as sleep } from "node:timers/promises";
import { CustomObjectsApi } from "@kubernetes/client-node";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { kubeconfigPath } from "./tools.ts";

const budgets = { group: "policy", version: "v1beta1", plural: "poddisruptionbudgets" };
const api = () => loadKubeConfig({ from: "file", path: kubeconfigPath() }).makeApiClient(CustomObjectsApi);

/** Makes one that lets no pod with the label `app=<name>` go, and waits until its controller has looked at it. */
export async function makeBudget(namespace: string, name: string): Promise<void> {
  const custom = api();
  const spec = { minAvailable: 1, selector: { matchLabels: { app: name } } };
  const body = { apiVersion: "policy/v1beta1", kind: "PodDisruptionBudget", metadata: { name }, spec };
  await custom.createNamespacedCustomObject({ ...budgets, namespace, body });
  for (;;) {
    const { status = {} } = await custom.getNamespacedCustomObject({ ...budgets, namespace, name });
    if (status.observedGeneration !== undefined) return;
    await sleep(100);
  }
}

export async function deleteBudget(namespace: string, name: string): Promise<void> {
  await api().deleteNamespacedCustomObject({ ...budgets, namespace, name });
}
