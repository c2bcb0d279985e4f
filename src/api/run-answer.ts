/** What a caller is told of a run. */
import type { RunRecord, RunState, StepRecord } from "../playbooks/run-record.ts";
import type { NoMatch } from "../trace.ts";

interface Named extends Pick<RunRecord, "invocation"> {
  readonly run: string;
  /** Where to ask for it again. */
  readonly url: string;
  readonly state: RunState;
  readonly cluster: string;
  /** What it is about: `drain on Node n1, by ci`, `KubePodCrashLooping firing`. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** One playbook's part in a run, in short. */
export interface ListedRun extends Named {
  readonly playbook: string;
}

export interface RunAnswer extends Named, Pick<RunRecord, "findings" | "sinks" | "dryRun" | "effects"> {
  readonly generation: string;
  readonly attempt: number;
  readonly steps: readonly (Omit<StepRecord, "contributions"> & { readonly playbook: string })[];
  /** What the reader should know of it as a whole. */
  readonly notes: readonly string[];
  /** The playbooks that did not run, and why. */
  readonly others: readonly NoMatch[];
}

export const urlOf = (run: string): string => `/api/runs/${run}`;

const named = ({ id, state, delivery, startedAt, milliseconds, invocation }: RunRecord): Named => ({
  run: id,
  url: urlOf(id),
  state,
  cluster: delivery.cluster,
  title: delivery.title,
  startedAt,
  milliseconds,
  ...(invocation === undefined ? {} : { invocation }),
});

export const listed = (record: RunRecord): ListedRun => ({ ...named(record), playbook: record.playbook });

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

/** From the records of a run's playbooks. */
export function answerOf(records: readonly [RunRecord, ...RunRecord[]]): RunAnswer {
  const [first] = records;
  // What is kept once for a delivery is in the record of one of its playbooks.
  const told = records.find((record) => record.others !== undefined) ?? first;
  const { findings, effects, sinks, notes = [], others = [] } = told;
  const ended = Math.max(...records.map(({ startedAt, milliseconds }) => startedAt + milliseconds));
  return {
    ...named(first),
    state: byWeight.find((state) => records.some((record) => record.state === state)) ?? first.state,
    milliseconds: ended - first.startedAt,
    generation: first.generation,
    attempt: first.attempt,
    steps: records.flatMap(({ playbook, steps }) =>
      steps.map(({ contributions: _, ...step }) => ({ playbook, ...step })),
    ),
    ...(findings === undefined ? {} : { findings }),
    ...(first.dryRun === undefined ? {} : { dryRun: first.dryRun }),
    ...(effects === undefined ? {} : { effects }),
    notes,
    ...(sinks === undefined ? {} : { sinks }),
    others,
  };
}
