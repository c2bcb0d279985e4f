/** Taking the pods of a node away, as `kubectl drain` does: through the Eviction API, which asks the disruption budgets. */
import { type Cluster, controllerOf, type KubernetesNode, type Pod, pause } from "../../index.ts";

/** Milliseconds between looks at what is left: at pods that a budget holds back, and sooner while some are ending. */
const interval = 5_000;
const endingInterval = 1_000;

export interface Drained {
  readonly evicted: Pod[];
  /** The pods that nobody evicts, and why. */
  readonly skipped: { readonly pod: Pod; readonly why: string }[];
  /** What is still on the node, and why. Empty where the node is drained. */
  readonly left: Map<Pod, string>;
}

/** Goes on until the node is empty or the signal aborts: what it has done until then is in `drained`, whatever happens. */
export async function drainNode(cluster: Cluster, node: KubernetesNode, drained: Drained, signal: AbortSignal) {
  const pods = await cluster.list("Pod", { fieldSelector: `spec.nodeName=${node.metadata.name}` });
  for (const pod of pods) {
    const why = whySkipped(pod);
    if (why === undefined) drained.left.set(pod, "it has not been evicted yet");
    else drained.skipped.push({ pod, why });
  }
  for (;;) {
    for (const pod of [...drained.left.keys()]) {
      await (drained.evicted.includes(pod) ? seeOff(cluster, pod, drained) : tryToEvict(cluster, pod, drained));
    }
    if ([...drained.left.values()].every((why) => why === refusedForGood)) return;
    await pause(drained.evicted.some((pod) => drained.left.has(pod)) ? endingInterval : interval, signal);
  }
}

const refusedForGood = "Cortado may not evict pods in its namespace";

/** https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/ */
function whySkipped(pod: Pod): string | undefined {
  if (pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined) return "it is a static pod of the node";
  const controller = controllerOf(pod);
  return controller?.kind === "DaemonSet" ? `it is of the DaemonSet ${controller.name}` : undefined;
}

async function tryToEvict(cluster: Cluster, pod: Pod, drained: Drained): Promise<void> {
  const { left } = drained;
  const { name, namespace = "default", uid } = pod.metadata;
  try {
    const asked = await cluster.evict(namespace, name, uid === undefined ? {} : { uid });
    if (!asked) return void left.delete(pod);
    drained.evicted.push(pod);
    left.set(pod, "it is still ending");
    await seeOff(cluster, pod, drained);
  } catch (error) {
    const code = codeOf(error);
    // The name is another pod's by now.
    if (code === 409) left.delete(pod);
    else if (code === 429) left.set(pod, "a disruption budget does not let it go");
    else if (code === 403) left.set(pod, refusedForGood);
    // More than one budget for a pod is answered 500, and so is much that passes.
    else if (code === 0 || Number(code) >= 500) left.set(pod, `the cluster could not evict it (${code})`);
    else throw error;
  }
}

async function seeOff(cluster: Cluster, pod: Pod, { left }: Drained): Promise<void> {
  const now = await cluster.get("Pod", pod.metadata.name, pod.metadata.namespace);
  if (now === undefined || now.metadata.uid !== pod.metadata.uid) left.delete(pod);
}

/** The HTTP status in an error of the cluster's. */
const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
