/** What a caller is told of a run. */

import type { RunRecord, RunState, StepRecord } from "../playbooks/run-record.ts";
import type { NoMatch } from "../trace.ts";

export interface RunAnswer extends Pick<RunRecord, "invocation" | "findings" | "sinks"> {
  readonly run: string;
  /** Where to ask for it again. */
  readonly url: string;
  readonly state: RunState;
  readonly cluster: string;
  /** What it is about: `drain on Node n1, by ci`, `KubePodCrashLooping firing`. */
  readonly title: string;
  readonly generation: string;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
  readonly steps: readonly (Omit<StepRecord, "contributions"> & { readonly playbook: string })[];
  /** What the reader should know of it as a whole. */
  readonly notes: readonly string[];
  /** The playbooks that did not run, and why. */
  readonly others: readonly NoMatch[];
}

export const urlOf = (run: string): string => `/api/runs/${run}`;

/** Of several playbooks the run is in the first of these states that one of them is in. */
const byWeight: readonly RunState[] = [
  "running",
  "queued",
  "dead",
  "interrupted",
  "failed",
  "cancelled",
  "done",
  "not matched",
];

/** From the records of a run's playbooks, of which there is at least one. */
export function answerOf(first: RunRecord, records: readonly RunRecord[]): RunAnswer {
  const { id, delivery, generation, attempt, startedAt, invocation } = first;
  const find = <K extends keyof RunRecord>(key: K) => records.find((record) => record[key] !== undefined)?.[key];
  const findings = find("findings");
  const sinks = find("sinks");
  return {
    run: id,
    url: urlOf(id),
    state: byWeight.find((state) => records.some((record) => record.state === state)) ?? first.state,
    cluster: delivery.cluster,
    title: delivery.title,
    generation,
    attempt,
    startedAt,
    milliseconds: Math.max(...records.map((record) => record.startedAt + record.milliseconds)) - startedAt,
    ...(invocation === undefined ? {} : { invocation }),
    steps: records.flatMap(({ playbook, steps }) =>
      steps.map(({ contributions: _, ...step }) => ({ playbook, ...step })),
    ),
    ...(findings === undefined ? {} : { findings }),
    notes: find("notes") ?? [],
    ...(sinks === undefined ? {} : { sinks }),
    others: find("others") ?? [],
  };
}
