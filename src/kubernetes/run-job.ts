/** Running something in the cluster to its end, as a job. */
import { ClusterError, DryRunError } from "../errors.ts";
import { createJob, type JobOptions, takeBack } from "./create-job.ts";
import { exitCodeOf, jobEnd, latestJobPod, obstacleOf, startFailureOf } from "./job-result.ts";
import type { Cluster } from "./kubernetes.ts";
import type { Job, Pod } from "./objects.gen.ts";
import { type NotYet, notYet, waitFor } from "./wait.ts";

export interface JobWaiting {
  /** The action's. Once it aborts, its reason is thrown. */
  readonly signal: AbortSignal;
  /** Default 300. */
  readonly timeoutSeconds?: number;
  /** For how long a pod may fail to start (its image cannot be pulled, no node takes it) before that is taken for the end. Default 60. */
  readonly startSeconds?: number;
  /** Of the log at most: the last of it. Default 1 MiB. */
  readonly logBytes?: number;
}

export interface JobResult {
  /** As it was seen last. */
  readonly job: Job;
  readonly succeeded: boolean;
  /** False where it was given up: its time is over, or its pod does not start. */
  readonly ended: boolean;
  /** Why it did not succeed, as in "it …"; empty where it did. */
  readonly why: string;
  /** Of its latest pod; undefined where that has not ended, or its command could not be started. */
  readonly exitCode: number | undefined;
  /** Of its latest pod, both streams together. */
  readonly logs: string;
  /** Of `runJob`: why the job could not be deleted, where it could not. */
  readonly leftBehind?: string;
}

const defaultTimeoutSeconds = 300;
const defaultStartSeconds = 60;
const defaultLogBytes = 1024 * 1024;

/**
 * Runs a job to its end, and deletes it whatever happens. Where Cortado comes to its own end before, the job has a deadline and a time to
 * live, and the cluster does the same. For a job that must not be run twice, see `createJob` and its `key`.
 *
 * Needs `create`, `get` and `delete` on jobs, `list` on pods, `get` on pods/log; for `secretEnv` also `create` on secrets. Throws a
 * ClusterError where the cluster refuses the job or somebody deletes it, the signal's reason, and in a dry run a DryRunError. A job that
 * fails or does not end is a result, not an error.
 *
 * @example
 * const job = { name: "ping", image: "busybox:1.37.0", command: ["ping", "-c1", "web"] };
 * const { succeeded, logs } = await runJob(event.cluster, job, { signal });
 */
export async function runJob(
  cluster: Cluster,
  options: Omit<JobOptions, "key">,
  waiting: JobWaiting,
): Promise<JobResult> {
  const { timeoutSeconds = defaultTimeoutSeconds } = waiting;
  // Later than it is waited for: a job that its own deadline ends loses its pods, and their logs.
  const jobSpec = { activeDeadlineSeconds: timeoutSeconds + 60, ...options.jobSpec };
  const job = await createJob(cluster, { ...options, jobSpec });
  if (cluster.dryRun) throw neverRun(job);
  let result: JobResult;
  try {
    result = await waitForJob(cluster, job, waiting);
  } catch (error) {
    await takeBack(cluster, job);
    throw error;
  }
  const leftBehind = await takeBack(cluster, job);
  return leftBehind === undefined ? result : { ...result, leftBehind };
}

type Outcome = Pick<JobResult, "job" | "succeeded" | "ended" | "why">;

/**
 * Waits until the job has succeeded or failed, its time is over, or its pod does not start; and reads its log. Needs `get` on jobs, `list`
 * on pods, `get` on pods/log. Throws a ClusterError (404) where the job is deleted meanwhile, and the signal's reason.
 */
export async function waitForJob(cluster: Cluster, job: Job, waiting: JobWaiting): Promise<JobResult> {
  const { signal, timeoutSeconds = defaultTimeoutSeconds, logBytes = defaultLogBytes } = waiting;
  const patience = patienceOf(waiting);
  const look = async (): Promise<Outcome | NotYet> => {
    const now = await readAgain(cluster, job);
    const end = jobEnd(now);
    if (end !== undefined) {
      return { job: now, ended: true, succeeded: end.succeeded, why: end.succeeded ? "" : `has failed (${end.why})` };
    }
    const pod = await latestJobPod(cluster, now);
    const why = patience.lost(pod);
    return why === undefined ? notYet(describe(pod)) : { job: now, ended: false, succeeded: false, why };
  };
  const name = `the job ${job.metadata.name} to end`;
  const outcome = await waitFor(name, look, { signal, timeoutSeconds, everySeconds: 2 });
  const pod = await latestJobPod(cluster, outcome.job);
  const unstarted = pod && startFailureOf(pod);
  const why = unstarted === undefined ? outcome.why : `${outcome.why}: ${unstarted}`;
  const logs = await pod?.logs({ limitBytes: logBytes });
  return { ...outcome, why, exitCode: pod && exitCodeOf(pod), logs: logs ?? "" };
}

async function readAgain(cluster: Cluster, job: Job): Promise<Job> {
  const { metadata } = job;
  const now = await cluster.get("Job", metadata.name, metadata.namespace);
  if (now !== undefined && now.metadata.uid === metadata.uid) return now;
  if (cluster.dryRun) throw neverRun(job);
  throw new ClusterError(404, "NotFound", `The job ${metadata.name} was deleted before it ended.`);
}

const neverRun = ({ metadata: { namespace = "default", name } }: Job) =>
  new DryRunError(`in a dry run the job ${namespace}/${name} is not made, and what would come after it depends on it`);

/** Knows since when a pod has not started. */
function patienceOf({ timeoutSeconds = defaultTimeoutSeconds, startSeconds = defaultStartSeconds }: JobWaiting) {
  const until = Date.now() + timeoutSeconds * 1000;
  let stuckSince: number | undefined;
  return {
    /** Why not to wait any longer; undefined while there is hope. */
    lost(pod: Pod | undefined): string | undefined {
      const now = Date.now();
      const obstacle = pod && obstacleOf(pod);
      stuckSince = obstacle === undefined ? undefined : (stuckSince ?? now);
      if (stuckSince !== undefined && now >= stuckSince + startSeconds * 1000) return `does not start: ${obstacle}`;
      return now >= until ? `has not ended within ${timeoutSeconds} s: ${describe(pod)}` : undefined;
    },
  };
}

function describe(pod: Pod | undefined): string {
  if (pod === undefined) return "it has no pod";
  return obstacleOf(pod) ?? `its pod is ${pod.status?.phase ?? "unknown"}`;
}
