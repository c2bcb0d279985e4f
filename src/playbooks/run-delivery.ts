/** Runs every playbook that a delivery matched, in order, and keeps their records. */
import type { IncomingDelivery } from "../delivery.ts";
import { effectOf } from "../effects.ts";
import type { Report } from "../findings/report.ts";
import type { Cluster, DryRun } from "../kubernetes/kubernetes.ts";
import type { Resolved } from "../kubernetes/resolve.ts";
import type { Logger } from "../log.ts";
import type { FindPrometheus } from "../prometheus/prometheus.ts";
import type { RateLimiters, RunStore } from "../state/state.ts";
import { type NoMatch, type SinkResult, summarise, type Tracer } from "../trace.ts";
import { byHand } from "./invocation.ts";
import type { Matched } from "./match.ts";
import type { Playbook } from "./playbook.ts";
import { type RunResult, type RunSignals, runPlaybook } from "./run.ts";
import { type RunRecord, type RunState, type StepRecord, summaryOf } from "./run-record.ts";

export interface DeliveryRun {
  readonly delivery: IncomingDelivery;
  /** The run's ulid; that of an earlier attempt where there was one. */
  readonly id: string;
  readonly fence: number;
  readonly attempt: number;
  readonly generation: string;
  readonly matched: readonly Matched[];
  readonly others: readonly NoMatch[];
  readonly resolved: Resolved;
  readonly cluster: Cluster;
  readonly report: Report;
  readonly defaultSinks: readonly string[];
  readonly late: boolean;
  /** Which repeat of the alert it is; 0 the first time. */
  readonly repeat: number;
  readonly readOnlyBecause?: string;
  /** Present: the cluster is one of which nothing is changed. */
  readonly dryRun?: DryRun;
  readonly signals: Omit<RunSignals, "deadline">;
}

export interface DeliveryRunServices {
  readonly runs: RunStore<RunRecord>;
  readonly rateLimiters: RateLimiters;
  readonly prometheus: FindPrometheus;
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly now: () => number;
}

/** A delivery may take as long as its actions may, and never longer than this. */
const maximumSeconds = 30 * 60;

/** The playbook of the record of a delivery that no playbook matched. */
const noPlaybook = "-";

/** An invocation has one record, under the same name from the beginning. */
const idWithout = (delivery: IncomingDelivery): string =>
  delivery.kind === "invocation" ? byHand(delivery.action) : noPlaybook;

/** Runs the matched playbooks; their records are returned, and written by `recordRun` once it is known what the sinks did. */
export async function runMatched(run: DeliveryRun, services: DeliveryRunServices): Promise<RunRecord[]> {
  const earlier = run.attempt > 1 ? await services.runs.get(run.id) : [];
  const deadline = AbortSignal.timeout(secondsFor(run.matched) * 1_000);
  const records: RunRecord[] = [];
  for (const { playbook, changes } of run.matched) {
    const before = earlier.find((record) => record.playbook === playbook.id);
    const record = recordFor(run, playbook, services.now());
    const write = (state: RunState, steps: readonly StepRecord[]) =>
      services.runs.put({ ...record, state, steps, milliseconds: services.now() - record.startedAt });
    const result =
      foreignJournal(run, before) ??
      (await runPlaybook({
        ...run,
        playbook,
        sinks: [...(playbook.sinks ?? run.defaultSinks), ...answered(run.delivery)],
        changes,
        earlier: before?.steps ?? [],
        signals: { ...run.signals, deadline },
        log: services.log,
        prometheus: services.prometheus,
        rateLimiter: (step, action) =>
          services.rateLimiters.for({
            cluster: run.delivery.cluster,
            call: `${run.id}/${playbook.id}/${step}/${action}`,
            resumed: run.attempt > 1,
          }),
        journal: (steps) => write("running", steps),
        onStep: traceStep(run, playbook, services.tracer),
        onCall: (call) => services.tracer({ type: "call", delivery: summarise(run.delivery), call }),
      }));
    records.push({ ...record, ...result, milliseconds: services.now() - record.startedAt });
    if (playbook.stop || run.report.stopped) break;
  }
  return records;
}

/** Writes the records of a delivery's run: one for each playbook that ran, or one that says why none did. */
export async function recordRun(
  run: DeliveryRun,
  records: readonly RunRecord[],
  sinks: readonly SinkResult[],
  services: DeliveryRunServices,
): Promise<void> {
  const written =
    records.length > 0
      ? records
      : [{ ...recordFor(run, { id: idWithout(run.delivery) }, services.now()), state: "not matched" as const }];
  const notes = run.resolved.notes;
  for (const [index, record] of written.entries()) {
    await services.runs.put(index === 0 ? { ...record, others: run.others, sinks, notes, ...answerOf(run) } : record);
  }
}

/** Where what an invocation found is kept for whoever wished it: beside the sinks, and called as none of them can be. */
const answer = "~answer";

const answered = ({ kind }: IncomingDelivery): readonly string[] => (kind === "invocation" ? [answer] : []);

export function answerOf({ delivery, report, dryRun }: DeliveryRun): Pick<RunRecord, "findings" | "effects"> {
  if (delivery.kind !== "invocation") return {};
  const findings = report.findings(answer).map(({ finding }) => finding);
  return dryRun === undefined ? { findings } : { findings, effects: dryRun.effects.map(effectOf) };
}

/** Names a run, and whose attempt at it this is. */
type RunIdentity = Pick<DeliveryRun, "delivery" | "id" | "fence" | "attempt" | "generation">;

/** Marks what is recorded of a run that was given up, so that nobody waits for its end. */
export async function recordDeath(run: RunIdentity, reason: string, services: DeliveryRunServices): Promise<void> {
  const begun = await services.runs.get(run.id);
  const records = begun.length > 0 ? begun : [recordFor(run, { id: idWithout(run.delivery) }, services.now())];
  for (const record of records) {
    await services.runs.put({ ...record, fence: run.fence, state: "dead", notes: [...(record.notes ?? []), reason] });
  }
}

function secondsFor(matched: readonly Matched[]): number {
  const seconds = matched.flatMap(({ playbook }) => playbook.steps.map(({ action }) => action.timeout));
  return Math.min(
    maximumSeconds,
    seconds.reduce((sum, next) => sum + next, 0),
  );
}

function recordFor(run: RunIdentity, playbook: Pick<Playbook, "id">, startedAt: number): RunRecord {
  return {
    id: run.id,
    playbook: playbook.id,
    fence: run.fence,
    state: "running",
    delivery: summarise(run.delivery),
    generation: run.generation,
    attempt: run.attempt,
    startedAt,
    milliseconds: 0,
    steps: [],
    ...(run.delivery.kind === "invocation" ? { invocation: summaryOf(run.delivery) } : {}),
    ...(run.delivery.kind === "invocation" && run.delivery.dryRun ? { dryRun: true } : {}),
  };
}

/** An attempt under another configuration that had begun steps: they cannot be told apart any more, so the run ends here. */
function foreignJournal(run: DeliveryRun, before: RunRecord | undefined): RunResult | undefined {
  if (before === undefined || before.generation === run.generation || before.steps.length === 0) return undefined;
  const reason = "it was interrupted, and the configuration or its actions were replaced before it could go on";
  const steps = before.steps.map((step) =>
    step.state === "started" ? { ...step, state: "interrupted" as const, reason } : step,
  );
  return { state: "interrupted", steps };
}

function traceStep(run: DeliveryRun, playbook: Playbook, tracer: Tracer) {
  return ({ action, state, reason, milliseconds }: StepRecord) =>
    tracer({
      type: "step",
      delivery: summarise(run.delivery),
      playbook: playbook.name,
      action,
      state,
      milliseconds,
      ...(reason === undefined ? {} : { reason }),
    });
}
