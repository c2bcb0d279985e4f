/** The record of a run: what is journaled while it goes on, and kept to tell why a playbook did what it did. */
import type { InvocationDelivery, Target } from "../delivery.ts";
import type { Finding } from "../findings/finding.ts";
import type { Contribution } from "../findings/report.ts";
import type { ClusterCall } from "../kubernetes/kubernetes.ts";
import { type DeliverySummary, type Effect, type NoMatch, type SinkResult, summarise } from "../trace.ts";
import { byHand } from "./invocation.ts";

export type StepState = "started" | "done" | "rate limited" | "failed" | "timed out" | "skipped" | "interrupted";

export interface StepRecord {
  readonly action: string;
  readonly state: StepState;
  /** Why it was skipped, how it failed, what is not known. */
  readonly reason?: string;
  readonly milliseconds: number;
  readonly calls: readonly ClusterCall[];
  /** What it said, so that a resumed run can say it again; only of finished steps that change something. */
  readonly contributions?: readonly Contribution[];
}

export interface InvocationSummary {
  readonly action: string;
  readonly caller: string;
  readonly target?: Target;
}

/** `queued` and `cancelled`: an invocation that nothing of has begun yet, or ever will. */
export const runStates = [
  "queued",
  "running",
  "done",
  "failed",
  "interrupted",
  "cancelled",
  "not matched",
  "dead",
] as const;
export type RunState = (typeof runStates)[number];

/** One playbook's record within a delivery. Its key is id and playbook. */
export interface RunRecord {
  /** The run's ulid, shared by the playbooks of one delivery. */
  readonly id: string;
  /** The playbook's id; `-` for the record of a delivery that no playbook matched. */
  readonly playbook: string;
  readonly fence: number;
  readonly state: RunState;
  readonly delivery: DeliverySummary;
  /** The hash of the generation that worked it. */
  readonly generation: string;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
  readonly steps: readonly StepRecord[];
  /** The playbooks that did not run, and why; with the first record of a delivery only. */
  readonly others?: readonly NoMatch[];
  readonly sinks?: readonly SinkResult[];
  /** What the reader should know of the delivery as a whole: an object that is gone, an unreachable cluster. */
  readonly notes?: readonly string[];
  /** Only of an invocation: who wished what. Its params may hold secrets, and are not kept. */
  readonly invocation?: InvocationSummary;
  /** Only of an invocation, once it has ended: what was found, for whoever wished it. */
  readonly findings?: readonly Finding[];
  /** Nothing was changed and nobody told; `sinks` says who would have been. */
  readonly dryRun?: true;
  /** Of a dry run, once it has ended: what would have been changed, in that order. */
  readonly effects?: readonly Effect[];
}

export const summaryOf = ({ action, caller, target }: InvocationDelivery): InvocationSummary => ({
  action,
  caller,
  ...(target === undefined ? {} : { target }),
});

/** The record of an invocation that waits to be begun. What begins it writes over it. */
export const queuedRecord = (delivery: InvocationDelivery, generation: string): RunRecord => ({
  id: delivery.id,
  playbook: byHand(delivery.action),
  fence: 0,
  state: "queued",
  delivery: summarise(delivery),
  generation,
  attempt: 0,
  startedAt: delivery.acceptedAt,
  milliseconds: 0,
  steps: [],
  invocation: summaryOf(delivery),
});
