/** Waiting for pods and deployments. */
import { ClusterError, DryRunError } from "../errors.ts";
import type { Cluster } from "./kubernetes.ts";
import type { Deployment, Pod } from "./objects.gen.ts";
import type { ObjectMeta } from "./objects.ts";
import { isPodReady } from "./pod-facts.ts";
import { notYet, type Waiting, waitFor } from "./wait.ts";

/** What is waited for: an object as it was read, or no more than its name and namespace (default: `default`). */
export interface Awaited {
  readonly metadata: Pick<ObjectMeta, "name" | "namespace" | "uid">;
}

type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

/**
 * Waits until the pod is in one of the phases, and returns it as it is then. A pod that is not there yet is waited for, unless its uid is
 * known. Needs `get` on pods. Throws as `waitFor` does, and a ClusterError (404) where the pod of this uid is gone.
 *
 * @example const pod = await waitForPod(event.cluster, { metadata: { name: "web-0", namespace: "shop" } }, "Running", { signal });
 */
export async function waitForPod(
  cluster: Cluster,
  awaited: Awaited,
  phases: Phase | readonly Phase[],
  waiting: Waiting,
): Promise<Pod> {
  const wanted: readonly string[] = typeof phases === "string" ? [phases] : phases;
  return waitFor(
    `the pod ${nameOf(awaited)} to be ${wanted.join(" or ")}`,
    async () => {
      const pod = await read(cluster, "Pod", awaited);
      if (pod === undefined) return notYet("there is no such pod");
      return wanted.includes(pod.status?.phase ?? "") ? pod : notYet(describePod(pod));
    },
    waiting,
  );
}

/**
 * Waits until the pod is ready, and returns it as it is then. Needs `get` on pods. Throws as `waitForPod` does, and a ClusterError where
 * the pod has ended, as it will not be ready any more.
 */
export async function waitForPodReady(cluster: Cluster, awaited: Awaited, waiting: Waiting): Promise<Pod> {
  const what = `the pod ${nameOf(awaited)} to be ready`;
  return waitFor(
    what,
    async () => {
      const pod = await read(cluster, "Pod", awaited);
      if (pod === undefined) return notYet("there is no such pod");
      if (isPodReady(pod)) return pod;
      const { phase = "" } = pod.status ?? {};
      if (phase === "Succeeded" || phase === "Failed") throw inVain(what, `it has ended: ${describePod(pod)}`);
      return notYet(describePod(pod));
    },
    waiting,
  );
}

/**
 * Waits until a deployment is rolled out, as `kubectl rollout status` does: its controller has seen the last change, all replicas are
 * of the new kind and available, and none of the old are left. Returns it as it is then. Needs `get` on deployments. Throws as `waitForPod`
 * does, and a ClusterError where the deployment's own progress deadline is over.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export async function waitForDeploymentReady(
  cluster: Cluster,
  awaited: Awaited,
  waiting: Waiting,
): Promise<Deployment> {
  const what = `the deployment ${nameOf(awaited)} to be rolled out`;
  return waitFor(
    what,
    async () => {
      const deployment = await read(cluster, "Deployment", awaited);
      if (deployment === undefined) return notYet("there is no such deployment");
      const { generation = 0 } = deployment.metadata;
      const { observedGeneration = 0, conditions = [] } = deployment.status ?? {};
      if (observedGeneration < generation) return notYet("its controller has not seen the last change");
      const late = conditions.find(({ reason }) => reason === "ProgressDeadlineExceeded");
      if (late !== undefined) throw inVain(what, late.message ?? "its progress deadline is over");
      const missing = missingReplicas(deployment);
      return missing === undefined ? deployment : notYet(missing);
    },
    waiting,
  );
}

function missingReplicas({ spec, status }: Deployment): string | undefined {
  const wanted = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  if (updatedReplicas < wanted) return `${updatedReplicas} of ${wanted} replicas are updated`;
  if (replicas > updatedReplicas) return `${replicas - updatedReplicas} old replicas are left`;
  if (availableReplicas < updatedReplicas) return `${availableReplicas} of ${updatedReplicas} replicas are available`;
  return undefined;
}

async function read<K extends "Pod" | "Deployment">(cluster: Cluster, kind: K, awaited: Awaited) {
  const { name, namespace = "default", uid } = awaited.metadata;
  const object = await cluster.get(kind, name, namespace);
  if (cluster.dryRun && (object === undefined || (uid !== undefined && object.metadata.uid !== uid))) {
    throw new DryRunError(
      `in a dry run nobody waits for the ${kind.toLowerCase()} ${nameOf(awaited)}, which is not there`,
    );
  }
  if (uid !== undefined && object?.metadata.uid !== uid) {
    throw new ClusterError(404, "NotFound", `The ${kind.toLowerCase()} ${nameOf(awaited)} is gone.`);
  }
  return object;
}

function describePod({ status }: Pod): string {
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
    ({ state }) => state?.waiting,
  );
  const why = waiting?.state?.waiting?.reason ?? status?.reason;
  return `phase ${status?.phase ?? "unknown"}${why ? ` (${why})` : ""}`;
}

const nameOf = ({ metadata: { name, namespace = "default" } }: Awaited): string => `${namespace}/${name}`;

const inVain = (what: string, why: string) =>
  new ClusterError(409, "InVain", `Nothing is to be waited for: ${what}; ${why}`);
