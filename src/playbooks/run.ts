/** Runs the steps of one playbook, in order, keeping a journal of those that change something. */
import type { IncomingDelivery } from "../delivery.ts";
import { ActionTimeoutError, describeError, LeaseLostError } from "../errors.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { Contribution, Report } from "../findings/report.ts";
import type { Cluster, ClusterCall } from "../kubernetes/kubernetes.ts";
import type { Resolved } from "../kubernetes/resolve.ts";
import type { RateLimiter } from "../state/state.ts";
import type { AnyAction, Logger } from "./action.ts";
import { withDeadline } from "./deadline.ts";
import { forJournal } from "./journal.ts";
import { makeEvent } from "./make-event.ts";
import type { Playbook, PlaybookStep } from "./playbook.ts";
import type { SecretReader } from "./references.ts";
import type { RunState, StepRecord } from "./run-record.ts";

/** What one playbook runs on. */
export interface RunInput {
  readonly playbook: Playbook;
  readonly delivery: IncomingDelivery;
  readonly resolved: Resolved;
  readonly cluster: Cluster;
  readonly report: Report;
  /** Where this playbook's findings go. */
  readonly sinks: readonly string[];
  readonly changes: readonly FieldChange[];
  readonly late: boolean;
  /** The steps of an earlier attempt, from its journal. */
  readonly earlier: readonly StepRecord[];
  readonly signals: RunSignals;
  /** Set where nothing may be changed any more from the start: the delivery is too old. */
  readonly readOnlyBecause?: string;
  readonly log: Logger;
  readonly rateLimiter: (step: number, action: string) => RateLimiter;
  /** Writes the steps so far under the run's fence. Throws LeaseLostError. */
  readonly journal: (steps: readonly StepRecord[]) => Promise<void>;
  readonly onStep: (step: StepRecord) => void;
  readonly onCall: (call: ClusterCall) => void;
}

export interface RunSignals {
  /** The lease is lost: begin nothing, say nothing. */
  readonly lost: AbortSignal;
  /** The alert has resolved: begin nothing that changes something. */
  readonly cancelled: AbortSignal;
  /** The delivery's time is over. */
  readonly deadline: AbortSignal;
}

export interface RunResult {
  readonly state: RunState;
  readonly steps: readonly StepRecord[];
}

const changesSomething = (action: AnyAction) => action.effects !== "read";

/** Runs a playbook to its end. What an action throws is in its step; only losing the lease, or the table, makes this throw. */
export async function runPlaybook(input: RunInput): Promise<RunResult> {
  const steps: StepRecord[] = [];
  const finish = (step: StepRecord) => {
    steps.push(step);
    input.onStep(step);
  };
  for (const [index, { action, params }] of input.playbook.steps.entries()) {
    if (input.report.stopped) break;
    if (input.signals.lost.aborted)
      throw new LeaseLostError("the lease on this delivery's key was lost; another worker has it");
    const earlier = input.earlier[index];
    const settled = settledWithoutRunning(input, action, earlier);
    if (settled !== undefined) {
      retell(input, settled);
      finish(settled);
      if (settled.state === "interrupted") return { state: "interrupted", steps };
      continue;
    }
    if (changesSomething(action)) {
      await input.journal([...steps, { action: action.name, state: "started", milliseconds: 0, calls: [] }]);
    }
    finish(await runStep(input, index, { action, params }));
    if (changesSomething(action)) await input.journal(steps);
  }
  return { state: steps.some(({ state }) => state === "failed" || state === "timed out") ? "failed" : "done", steps };
}

/** The record of a step that is not to be run: finished in an earlier attempt, not to be begun twice, or no longer wanted. */
function settledWithoutRunning(
  { signals, readOnlyBecause }: RunInput,
  action: AnyAction,
  earlier: StepRecord | undefined,
): StepRecord | undefined {
  const record = { action: action.name, milliseconds: 0, calls: [] };
  if (!changesSomething(action)) return undefined;
  if (earlier !== undefined && earlier.state !== "started") return earlier;
  if (earlier !== undefined && action.retry === "never") {
    const reason = "it was interrupted, its outcome is unknown, and it says that it may not be repeated";
    return { ...record, state: "interrupted", reason };
  }
  if (readOnlyBecause !== undefined) return { ...record, state: "skipped", reason: readOnlyBecause };
  if (signals.cancelled.aborted) return { ...record, state: "skipped", reason: "the alert resolved meanwhile" };
  return undefined;
}

/** Says again what a step of an earlier attempt said, and what the reader must know of one that did not run. */
function retell({ report, sinks }: RunInput, step: StepRecord): void {
  for (const contribution of step.contributions ?? []) report.contribute(contribution, sinks);
  const note = noteAbout(step);
  if (note !== undefined) report.contribute({ do: "note", text: note }, sinks);
}

/** A sentence for the finding about a step that did not do what the reader would expect of it. */
function noteAbout({ action, state, reason = "" }: StepRecord): string | undefined {
  switch (state) {
    case "failed":
      return `Action ${action} failed: ${reason}`;
    case "timed out":
      return `Action ${action} was abandoned: ${reason}`;
    case "interrupted":
      return `Action ${action} was interrupted: ${reason}`;
    case "skipped":
      return `Action ${action} was skipped: ${reason}`;
    default:
      return undefined;
  }
}

async function runStep(input: RunInput, index: number, step: PlaybookStep): Promise<StepRecord> {
  const { action } = step;
  const contributions: Contribution[] = [];
  const calls: ClusterCall[] = [];
  const begun = performance.now();
  const outcome = await attempt(input, index, step, {
    contribute: (contribution) => {
      contributions.push(contribution);
      input.report.contribute(contribution, input.sinks);
    },
    onCall: (call) => {
      calls.push(call);
      input.onCall(call);
    },
  });
  const record: StepRecord = {
    action: action.name,
    ...outcome,
    milliseconds: Math.round(performance.now() - begun),
    calls,
    ...(changesSomething(action) ? { contributions: forJournal(contributions) } : {}),
  };
  const note = noteAbout(record);
  if (note !== undefined) input.report.contribute({ do: "note", text: note }, input.sinks);
  return record;
}

interface StepSinks {
  readonly contribute: (contribution: Contribution) => void;
  readonly onCall: (call: ClusterCall) => void;
}

async function attempt(
  input: RunInput,
  index: number,
  { action, params, resolveParams }: PlaybookStep,
  { contribute, onCall }: StepSinks,
): Promise<Pick<StepRecord, "state" | "reason">> {
  const { signals, delivery, resolved, changes, late } = input;
  const stop = changesSomething(action)
    ? [signals.lost, signals.deadline, signals.cancelled]
    : [signals.lost, signals.deadline];
  try {
    await withDeadline({ seconds: action.timeout, signal: AbortSignal.any(stop) }, async (signal, abandoned) => {
      const cluster = input.cluster.within({ signal, onCall });
      const given = resolveParams === undefined ? params : await resolveParams(secretReader(cluster));
      const event = makeEvent({ delivery, resolved, cluster, contribute, abandoned, changes, late });
      const context = {
        signal,
        log: input.log,
        rateLimiter: input.rateLimiter(index, action.name),
        clusterName: input.cluster.name,
      };
      // The loader has checked that the event's class is the action's, or one below it, and parsed the params with its schema.
      await action.run(event as never, given as never, context);
    });
    return { state: "done" };
  } catch (error) {
    if (signals.lost.aborted) throw new LeaseLostError("the lease was lost while an action ran", { cause: error });
    input.log.warn("action failed", { action: action.name, error: describeError(error) });
    const state = error instanceof ActionTimeoutError ? "timed out" : "failed";
    return { state, reason: describeError(error) };
  }
}

const secretReader =
  (cluster: Cluster): SecretReader =>
  async (namespace, name, key) => {
    const secret = await cluster.get("Secret", name, namespace);
    const encoded = secret?.data?.[key];
    return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
  };
