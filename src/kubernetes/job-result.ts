/** How a job goes: its end, its latest pod, and what keeps that from starting. */
import type { Cluster } from "./kubernetes.ts";
import type { Job, Pod } from "./objects.gen.ts";
import { relatedPods } from "./related-pods.ts";

export interface JobEnd {
  readonly succeeded: boolean;
  /** What its condition says. */
  readonly why: string;
}

/** How the job ended; undefined while it has not. */
export function jobEnd({ status }: Job): JobEnd | undefined {
  const end = status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
  if (end === undefined) return undefined;
  const why = [end.reason, end.message].filter(Boolean).join(": ");
  return { succeeded: end.type === "Complete", why };
}

/** The pod of the job that was made last; undefined where it has none (any more). Needs `list` on pods. */
export async function latestJobPod(cluster: Cluster, job: Job): Promise<Pod | undefined> {
  const pods = await relatedPods(cluster, job);
  return pods.sort((a, b) => createdAt(a) - createdAt(b)).at(-1);
}

const createdAt = ({ metadata }: Pod): number => Date.parse(metadata.creationTimestamp ?? "") || 0;

/** How the pod's first container ended, of its last run where it was started again. */
function endOf({ status }: Pod) {
  const [first] = status?.containerStatuses ?? [];
  return first?.state?.terminated ?? first?.lastState?.terminated;
}

/** Runtimes give a container that they could not start an exit code of their own making. */
const notStarted = /^(StartError|ContainerCannotRun)$/;

/** The exit code of the pod's first container; undefined where it has not ended, or not begun. */
export function exitCodeOf(pod: Pod): number | undefined {
  const end = endOf(pod);
  return notStarted.test(end?.reason ?? "") ? undefined : end?.exitCode;
}

/** Why its command could not be started, in the runtime's words: there is no such program, for instance. */
export function startFailureOf(pod: Pod): string | undefined {
  const { reason = "", message = reason } = endOf(pod) ?? {};
  return notStarted.test(reason) ? message : undefined;
}

/** What a container waits for in vain, as far as anybody but its writer can know. */
const obstacles: readonly string[] = [
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "ErrImageNeverPull",
  "RegistryUnavailable",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
];

/** Why the pod does not start, in words; undefined where it does, or where nothing is known against it. */
export function obstacleOf({ status }: Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    return `no node takes its pod (${scheduled.message ?? "Unschedulable"})`;
  }
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const stuck = all.find(({ state }) => obstacles.includes(state?.waiting?.reason ?? ""));
  const { reason = "", message = "" } = stuck?.state?.waiting ?? {};
  return stuck && `its container ${stuck.name} cannot start: ${reason}${message ? `, ${message}` : ""}`;
}
