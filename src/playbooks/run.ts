/** Runs the steps of one playbook, in order, keeping a journal of those that change something. */

import type { IncomingDelivery } from "../delivery.ts";
import { LeaseLostError } from "../errors.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { Report } from "../findings/report.ts";
import type { Cluster, ClusterCall } from "../kubernetes/kubernetes.ts";
import type { Resolved } from "../kubernetes/resolve.ts";
import type { Logger } from "../log.ts";
import type { FindPrometheus } from "../prometheus/prometheus.ts";
import type { RateLimiter } from "../state/state.ts";
import type { AnyAction } from "./action.ts";
import type { Playbook } from "./playbook.ts";
import type { RunState, StepRecord } from "./run-record.ts";
import { changesSomething, noteAbout, runStep } from "./run-step.ts";

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
  readonly repeat: number;
  /** The steps of an earlier attempt, from its journal. */
  readonly earlier: readonly StepRecord[];
  readonly signals: RunSignals;
  /** Set where nothing may be changed any more from the start: the delivery is too old. */
  readonly readOnlyBecause?: string;
  readonly log: Logger;
  readonly rateLimiter: (step: number, action: string) => RateLimiter;
  readonly prometheus: FindPrometheus;
  /** Writes the steps so far under the run's fence. Throws LeaseLostError. */
  readonly journal: (steps: readonly StepRecord[]) => Promise<void>;
  readonly onStep: (step: StepRecord) => void;
  readonly onCall: (call: ClusterCall) => void;
}

export interface RunSignals {
  /** The lease is lost: begin nothing, say nothing. */
  readonly lost: AbortSignal;
  /** The alert has resolved, or the invocation was taken back: begin nothing that changes something. */
  readonly cancelled: AbortSignal;
  /** The delivery's time is over. */
  readonly deadline: AbortSignal;
}

export interface RunResult {
  readonly state: RunState;
  readonly steps: readonly StepRecord[];
}

/** Runs a playbook to its end. What an action throws is in its step; only losing the lease, or the table, makes this throw. */
export async function runPlaybook(input: RunInput): Promise<RunResult> {
  const steps: StepRecord[] = [];
  const finish = (step: StepRecord) => {
    steps.push(step);
    input.onStep(step);
  };
  for (const [index, playbookStep] of input.playbook.steps.entries()) {
    const { action } = playbookStep;
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
    finish(await runStep(input, index, playbookStep));
    if (changesSomething(action)) await input.journal(steps);
  }
  return { state: stateOf(steps, input), steps };
}

function stateOf(steps: readonly StepRecord[], { signals, delivery }: RunInput): RunState {
  if (delivery.kind === "invocation" && signals.cancelled.aborted && steps.some(({ state }) => state !== "done")) {
    return "cancelled";
  }
  return steps.some(({ state }) => state === "failed" || state === "timed out") ? "failed" : "done";
}

/** The record of a step that is not to be run: finished in an earlier attempt, not to be begun twice, or no longer wanted. */
function settledWithoutRunning(
  { signals, readOnlyBecause, delivery }: RunInput,
  action: AnyAction,
  earlier: StepRecord | undefined,
): StepRecord | undefined {
  const record = { action: action.name, milliseconds: 0, calls: [] };
  const late: StepRecord = { ...record, state: "skipped", reason: "the time for this delivery ended before its turn" };
  if (!changesSomething(action)) return signals.deadline.aborted ? late : undefined;
  if (earlier !== undefined && earlier.state !== "started") return earlier;
  if (earlier !== undefined && action.retry === "never") {
    const reason = "it was interrupted, its outcome is unknown, and it says that it may not be repeated";
    return { ...record, state: "interrupted", reason };
  }
  if (readOnlyBecause !== undefined) return { ...record, state: "skipped", reason: readOnlyBecause };
  if (signals.cancelled.aborted) return { ...record, state: "skipped", reason: whyCancelled(delivery) };
  return signals.deadline.aborted ? late : undefined;
}

const whyCancelled = ({ kind }: IncomingDelivery): string =>
  kind === "invocation" ? "it was cancelled" : "the alert resolved meanwhile";

/** Says again what a step of an earlier attempt said, and what the reader must know of one that did not run. */
function retell({ report, sinks }: RunInput, step: StepRecord): void {
  for (const contribution of step.contributions ?? []) report.contribute(contribution, sinks);
  const note = noteAbout(step);
  if (note !== undefined) report.contribute({ do: "note", text: note }, sinks);
}
