/**
 * Jobs that are made through the API, and what stands in for their controller and a kubelet: a job gets its pod, and the pod runs its
 * command to the end at once. What the command writes and how it ends is what the same command would in a pod (scripts.ts, shell.ts); one
 * that nobody knows, or that is scripted to hang, goes on for ever. A job that has failed is not tried again, whatever its backoffLimit.
 */

import { generatedName } from "./checks.ts";
import { withDefaults } from "./defaults.ts";
import { at, isRecord, type JsonRecord, recordsAt, timestamp } from "./json.ts";
import { containersOf, started } from "./pods.ts";
import type { ExecAnswer, Scripts } from "./scripts.ts";
import { runCommand } from "./shell.ts";
import type { ApiObject, ObjectStore } from "./store.ts";

export function startJob(store: ObjectStore, scripts: Scripts, job: ApiObject): void {
  const selected = withSelector(job);
  const nodes = store.everything().filter(({ kind }) => kind === "Node");
  const made = podOf(selected);
  const pods = store.resourceOf(made);
  const pod = started(store.write(pods, made), nodes);
  const answer = scripts.isMissing(pod) ? "no image" : answerOf(pod, scripts);
  store.write(pods, { ...pod, status: podStatus(pod, answer) });
  store.write(store.resourceOf(job), { ...selected, status: jobStatus(answer) });
  if (answer === "no image" || answer === undefined) return;
  const { name, namespace = "default" } = pod.metadata;
  scripts.log({ namespace, pod: name, log: `${answer.stdout ?? ""}${answer.stderr ?? ""}` });
}

/** Undefined: it goes on for ever, or does not begin, and has written nothing. */
type Answer = ExecAnswer | "no image" | undefined;

function withSelector(job: ApiObject): ApiObject {
  const labels = { "controller-uid": job.metadata.uid ?? "", "job-name": job.metadata.name };
  const spec = isRecord(job.spec) ? job.spec : {};
  const template = isRecord(spec.template) ? spec.template : {};
  const metadata = isRecord(template.metadata) ? template.metadata : {};
  return {
    ...job,
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      ...spec,
      selector: { matchLabels: { "controller-uid": labels["controller-uid"] } },
      template: {
        ...template,
        metadata: { ...metadata, labels: { ...(isRecord(metadata.labels) ? metadata.labels : {}), ...labels } },
      },
    },
  };
}

function podOf(job: ApiObject): ApiObject {
  const { name, namespace, uid = "" } = job.metadata;
  const metadata = at(job, "spec", "template", "metadata");
  const owner = { apiVersion: "batch/v1", kind: "Job", name, uid, controller: true, blockOwnerDeletion: true };
  return withDefaults({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...(isRecord(metadata) ? metadata : {}),
      name: generatedName(`${name}-`),
      ...(namespace === undefined ? {} : { namespace }),
      ownerReferences: [owner],
    },
    spec: at(job, "spec", "template", "spec"),
  });
}

/** What its first container does. */
function answerOf(pod: ApiObject, scripts: Scripts): ExecAnswer | undefined {
  const [container] = containersOf(pod);
  if (container === undefined || at(pod, "status", "phase") !== "Running") return undefined;
  const words = (part: unknown): string[] => (Array.isArray(part) ? part.map(String) : []);
  const command = [...words(container.spec.command), ...words(container.spec.args)];
  return scripts.execOf(pod, container.name, command) ?? runCommand(command, { pod, container });
}

const hasEnded = (answer: Answer): answer is ExecAnswer =>
  answer !== undefined && answer !== "no image" && answer.hang !== true;

function podStatus({ status }: ApiObject, answer: Answer): JsonRecord {
  const own = isRecord(status) ? status : {};
  const statuses = (state: JsonRecord) =>
    recordsAt(own, "containerStatuses").map((one) => ({ ...one, ready: false, started: false, state }));
  if (answer === "no image") {
    const waiting = { reason: "ImagePullBackOff", message: "Back-off pulling image" };
    return { ...own, phase: "Pending", conditions: unready(own), containerStatuses: statuses({ waiting }) };
  }
  if (!hasEnded(answer)) return own;
  const { exitCode = 0 } = answer;
  const time = timestamp(Date.now());
  const reason = exitCode === 0 ? "Completed" : "Error";
  const terminated = { exitCode, reason, startedAt: time, finishedAt: time };
  const phase = exitCode === 0 ? "Succeeded" : "Failed";
  return { ...own, phase, conditions: unready(own), containerStatuses: statuses({ terminated }) };
}

const unready = (status: JsonRecord): JsonRecord[] =>
  recordsAt(status, "conditions").map((one) => (/Ready$/.test(String(one.type)) ? { ...one, status: "False" } : one));

function jobStatus(answer: Answer): JsonRecord {
  const time = timestamp(Date.now());
  const condition = (type: string, more: JsonRecord = {}) => ({
    conditions: [{ type, status: "True", lastProbeTime: time, lastTransitionTime: time, ...more }],
  });
  if (!hasEnded(answer)) return { startTime: time, active: 1 };
  if ((answer.exitCode ?? 0) === 0)
    return { startTime: time, completionTime: time, succeeded: 1, ...condition("Complete") };
  const why = { reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" };
  return { startTime: time, failed: 1, ...condition("Failed", why) };
}
