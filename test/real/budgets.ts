/** Disruption budgets of a real cluster. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../src/kubernetes/kubernetes.ts";

/** Makes one that lets no pod with the label `app=<name>` go, and waits until its controller has looked at it. */
export async function makeBudget(cluster: Cluster, namespace: string, name: string): Promise<void> {
  const spec = { minAvailable: 1, selector: { matchLabels: { app: name } } };
  await cluster.create("PodDisruptionBudget", { metadata: { name, namespace }, spec });
  for (;;) {
    const budget = await cluster.get("PodDisruptionBudget", name, namespace);
    if (budget?.status?.observedGeneration !== undefined) return;
    await sleep(100);
  }
}
