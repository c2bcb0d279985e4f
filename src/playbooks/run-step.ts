/** Runs one step: an action with its own event, cluster and deadline, of which everything that happens is recorded. */
import { AbandonedError, ActionTimeoutError, describeError, isCortadoError, LeaseLostError } from "../errors.ts";
import type { Contribution } from "../findings/report.ts";
import { expectNothing } from "../kubernetes/dry-run.ts";
import type { ClusterCall } from "../kubernetes/kubernetes.ts";
import { secretReader } from "../kubernetes/secrets.ts";
import type { RateLimiter } from "../state/state.ts";
import type { AnyAction } from "./action.ts";
import { withDeadline } from "./deadline.ts";
import { forJournal } from "./journal.ts";
import { makeEvent } from "./make-event.ts";
import type { PlaybookStep } from "./playbook.ts";
import type { RunInput } from "./run.ts";
import type { StepRecord } from "./run-record.ts";

export const changesSomething = (action: AnyAction) => action.effects !== "read";

/** A sentence for the finding about a step that did not do what the reader would expect of it. */
export function noteAbout({ action, state, reason = "" }: StepRecord): string | undefined {
  switch (state) {
    case "failed":
      return `Action ${action} failed: ${reason}`;
    case "timed out":
      return `Action ${action} was abandoned: ${reason}`;
    case "interrupted":
      return `Action ${action} was interrupted: ${reason}`;
    case "skipped":
      return `Action ${action} was skipped: ${reason}`;
    case "done":
      return reason === "" ? undefined : `Action ${action} ended early: ${reason}`;
    default:
      return undefined;
  }
}

/** Runs a step to its end, or to its deadline. What it throws is in its record; only losing the lease makes this throw. */
export async function runStep(input: RunInput, index: number, step: PlaybookStep): Promise<StepRecord> {
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
  const { signals, delivery, resolved, changes, late, repeat } = input;
  // Whoever takes back an invocation wants none of it; a resolved alert's reader still wants to know.
  const stops = changesSomething(action) || delivery.kind === "invocation";
  const stop = stops ? [signals.lost, signals.deadline, signals.cancelled] : [signals.lost, signals.deadline];
  try {
    const { dryRun } = input.cluster;
    const limiter = observed(dryRun ? unlimited : input.rateLimiter(index, action.name));
    await withDeadline({ seconds: action.timeout, signal: AbortSignal.any(stop) }, async (signal, abandoned) => {
      const cluster = input.cluster.within({ signal, onCall });
      if (dryRun) expectNothing(signal);
      const given = resolveParams === undefined ? params : await resolveParams(secretReader(cluster));
      const event = makeEvent({ delivery, resolved, cluster, contribute, abandoned, changes, late, repeat });
      const context = {
        signal,
        log: input.log,
        rateLimiter: untilAbandoned(limiter, abandoned),
        clusterName: input.cluster.name,
        dryRun,
        prometheus: async (params = {}) => input.prometheus({ cluster, params, signal }),
      };
      // The loader has checked that the event's class is the action's, or one below it, and parsed the params with its schema.
      await action.run(event as never, given as never, context);
    });
    return limiter.refusal === undefined ? { state: "done" } : { state: "rate limited", reason: limiter.refusal };
  } catch (error) {
    if (signals.lost.aborted) throw new LeaseLostError("the lease was lost while an action ran", { cause: error });
    if (isCortadoError(error) && error.name === "DryRunError") return { state: "done", reason: error.message };
    const state = error instanceof ActionTimeoutError ? "timed out" : "failed";
    return { state, reason: whyStopped(input, error) ?? describeError(error) };
  }
}

/** The signals' own reasons tell what happened to a program, not to an alert. */
function whyStopped({ signals, delivery }: RunInput, error: unknown): string | undefined {
  if (signals.cancelled.aborted && error === signals.cancelled.reason)
    return delivery.kind === "invocation" ? "it was cancelled" : "the alert resolved while it ran";
  if (signals.deadline.aborted && error === signals.deadline.reason) return "the time for this delivery ended";
  return undefined;
}

/** A dry run shows what would be done, and marks nothing as done. */
const unlimited: RateLimiter = { markAndTest: async () => true, refund: async () => undefined };

/** Marks of an action that counts no longer would hold back the next one. */
function untilAbandoned(limiter: RateLimiter, abandoned: () => boolean): RateLimiter {
  const check = () => {
    if (abandoned()) throw new AbandonedError("this action is over; its rate limiter answers nothing more");
  };
  return {
    async markAndTest(...question) {
      check();
      return limiter.markAndTest(...question);
    },
    async refund(...mark) {
      check();
      return limiter.refund(...mark);
    },
  };
}

/** The limiter, remembering its last refusal: an action that the limiter held back is told apart from one that had nothing to do. */
function observed(limiter: RateLimiter): RateLimiter & { readonly refusal: string | undefined } {
  let refusal: string | undefined;
  return {
    ...limiter,
    async markAndTest(operation, id, seconds, options) {
      const allowed = await limiter.markAndTest(operation, id, seconds, options);
      refusal = allowed ? undefined : `${operation} is limited to once in ${seconds} s, and was done within that time`;
      return allowed;
    },
    get refusal() {
      return refusal;
    },
  };
}
