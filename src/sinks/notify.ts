/**
 * Telling the sinks of one delivery. Sinks work at the same time, the findings of one sink one after the other. A message that exists is
 * never posted again: an alert that resolves edits what its firing posted (docs/semantics.md, messages).
 */
import type { Delivery, MessageKey, NotifyDelivery } from "../delivery.ts";
import type { Finding } from "../findings/finding.ts";
import type { ReportedFinding } from "../findings/report.ts";
import type { Digests, Groups, MessageReference, Messages } from "../state/state.ts";
import type { SinkResult } from "../trace.ts";
import { answerPress } from "./answer.ts";
import { holdForDigest, resolveInDigests, tellDigests } from "./digest.ts";
import { leaveOutFirst } from "./ignore-first.ts";
import { deliverMessage, type MessageOutcome, type MessageTask } from "./message.ts";
import { isReply, originalOf } from "./parts.ts";
import { type Plan, type PlanInput, planFiring, planRepeat, planResolved, type Task } from "./plan.ts";
import { notifyRetryAt } from "./retry.ts";
import type { ConfiguredSink } from "./route.ts";
import { tellInSummary } from "./summary.ts";

export interface NotifyDependencies {
  /** In the order of the configuration. */
  readonly sinks: readonly ConfiguredSink[];
  readonly messages: Messages;
  readonly groups: Groups;
  readonly digests: Digests;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface NotifyInput {
  readonly delivery: Pick<Delivery, "cluster" | "key">;
  /** The episode of the alert, else the delivery's id. */
  readonly episode: string;
  /** `resolved` for an alert that has resolved: then every message of the episode is edited. */
  readonly phase: "firing" | "resolved";
  /** Which repeat of an alert that fires on it is; 0 where it is none. */
  readonly repeat: number;
  /** What each sink is to be told, as a Report has it. */
  findings(sink: string): readonly ReportedFinding[];
  /** The finding that the delivery itself makes, without what actions added: it resolves messages that no playbook speaks of any more. */
  readonly base: Finding;
  /** Who reserves messages: different for every worker and attempt. */
  readonly owner: string;
  /** Nothing is begun after it, and nothing is waited for. */
  readonly signal: AbortSignal;
}

export interface NotifyReport {
  readonly results: readonly SinkResult[];
  /** What failed and may succeed later: for the queue, at that time (milliseconds since the epoch). */
  readonly later: readonly { readonly delivery: NotifyDelivery; readonly at: number }[];
  /** What failed for good: for the dead letters. */
  readonly dead: readonly { readonly delivery: NotifyDelivery; readonly reasons: readonly string[] }[];
}

/** Tells every sink. Never throws for a sink's sake; throws what the state table throws before anything is told. */
export async function notify(input: NotifyInput, dependencies: NotifyDependencies): Promise<NotifyReport> {
  const { cluster, key } = input.delivery;
  const isFirst = input.phase === "firing" && input.repeat === 0;
  const existing = isFirst ? [] : await dependencies.messages.list({ cluster, key }, input.episode);
  const told = existing.filter(({ state, key }) => state !== "ignored" || isSummedUp(key.sink, dependencies.sinks));
  const planned = planOf({ ...input, now: dependencies.now() }, dependencies.sinks, told);
  const plan = await leaveOutFirst(planned, input, existing, dependencies);
  const nameOf = (sink: string, part: string) => ({ cluster, key, episode: input.episode, sink, part });
  await holdForDigest(plan.held, nameOf, dependencies);
  if (input.phase === "resolved") await resolveInDigests(input.findings, nameOf, dependencies);
  const digests = await tellDigests(input, dependencies);
  const bySink = Map.groupBy(plan.tasks, ({ sink }) => sink.name);
  const reports = await Promise.all(
    [...bySink.values()].map((tasks) => tellSink(tasks, input, existing, dependencies)),
  );
  return {
    results: [...digests, ...reports.flatMap(({ results }) => results), ...plan.skipped],
    later: reports.flatMap(({ later }) => later),
    dead: reports.flatMap(({ dead }) => dead),
  };
}

/** Of a dry run: who would have been told what. */
export async function notifyNobody(
  input: NotifyInput,
  { sinks, now }: Pick<NotifyDependencies, "sinks" | "now">,
): Promise<NotifyReport> {
  const { tasks, skipped } = planFiring({ ...input, now: now() }, sinks);
  const reason = "a dry run; it would have been told";
  const untold = tasks.map(({ sink, part }) => ({ sink: sink.name, part, outcome: "skipped" as const, reason }));
  return { ...emptyReport, results: [...untold, ...skipped] };
}

function planOf(
  input: NotifyInput & PlanInput,
  sinks: readonly ConfiguredSink[],
  existing: readonly MessageReference[],
): Plan {
  if (input.phase === "resolved") return planResolved(input, sinks, existing);
  return input.repeat === 0 ? planFiring(input, sinks) : planRepeat(input, sinks, existing);
}

/** Works what `notify` left for later. `attempt` counts from 1, this time included. */
export async function renotify(
  delivery: NotifyDelivery,
  options: {
    readonly owner: string;
    readonly signal: AbortSignal;
    readonly attempt: number;
    /** When the alert has resolved since, in milliseconds: what is posted now says so. */
    readonly resolvedAt?: number | undefined;
  },
  dependencies: NotifyDependencies,
): Promise<NotifyReport> {
  const { message } = delivery;
  const configured = dependencies.sinks.find(({ sink }) => sink.name === delivery.sink);
  if (configured === undefined) {
    const reason = `the configuration has no sink ${delivery.sink} any more`;
    return { ...emptyReport, results: [{ sink: delivery.sink, part: message.part, outcome: "skipped", reason }] };
  }
  const finding = resolveSince(delivery.finding, options.resolvedAt);
  const existing = await dependencies.messages.list({ cluster: message.cluster, key: message.key }, message.episode);
  const { sink } = configured;
  const task = { sink, key: message, finding, existing: referenceOf(existing, message), ...options };
  const { pressed } = delivery;
  if (pressed !== undefined) {
    const outcome = await answerPress(task, pressed, dependencies.messages);
    return reportOf(outcome, delivery, options.attempt, dependencies.now());
  }
  const replyTo = isReply(sink, message.part) ? originalOf(existing, sink, message.part) : undefined;
  const outcome = await tell({ ...task, replyTo }, dependencies);
  return reportOf(outcome, { ...delivery, finding }, options.attempt, dependencies.now());
}

/** By itself, or in the summary of its group. */
async function tell(task: MessageTask, dependencies: NotifyDependencies): Promise<MessageOutcome> {
  const grouping = groupingOf(task.sink.name, dependencies.sinks);
  const summary = grouping?.notification_mode.summary;
  if (grouping === undefined || summary === undefined) return await deliverMessage(task, dependencies.messages);
  return await tellInSummary(task, grouping, summary, dependencies);
}

const groupingOf = (name: string, sinks: readonly ConfiguredSink[]) =>
  sinks.find(({ sink }) => sink.name === name)?.params.grouping;

/** What has no message of its own there still resolves in the summary. */
const isSummedUp = (sink: string, sinks: readonly ConfiguredSink[]) =>
  groupingOf(sink, sinks)?.notification_mode.summary !== undefined;

const resolveSince = (finding: Finding, resolvedAt: number | undefined): Finding =>
  resolvedAt === undefined || finding.status === "resolved"
    ? finding
    : { ...finding, status: "resolved", endsAt: resolvedAt };

async function tellSink(
  tasks: readonly Task[],
  input: NotifyInput,
  existing: readonly MessageReference[],
  dependencies: NotifyDependencies,
): Promise<NotifyReport> {
  const { now } = dependencies;
  const reports: NotifyReport[] = [];
  for (const { sink, part, finding, replyTo } of tasks) {
    const { cluster, key } = input.delivery;
    const message: MessageKey = { cluster, key, episode: input.episode, sink: sink.name, part };
    const { owner, signal } = input;
    const task = { sink, key: message, finding, existing: referenceOf(existing, message), replyTo, owner, signal };
    const outcome = await tell(task, dependencies);
    const delivery = notifyDelivery(message, finding, now());
    reports.push(reportOf(outcome, delivery, 1, now()));
  }
  return {
    results: reports.flatMap(({ results }) => results),
    later: reports.flatMap(({ later }) => later),
    dead: reports.flatMap(({ dead }) => dead),
  };
}

const referenceOf = (existing: readonly MessageReference[], { sink, part }: MessageKey) =>
  existing.find(({ key }) => key.sink === sink && key.part === part);

/** What tries one message again. Its id tells the phases apart, so that an edit does not pass for the post before it. */
function notifyDelivery(message: MessageKey, finding: Finding, now: number): NotifyDelivery {
  const name = [message.key, message.episode, message.sink, message.part].map(encodeURIComponent).join("#");
  return {
    kind: "notify",
    id: `notify#${name}#${finding.status}`,
    key: `notify#${name}`,
    cluster: message.cluster,
    acceptedAt: now,
    sink: message.sink,
    message,
    finding,
  };
}

const emptyReport: NotifyReport = { results: [], later: [], dead: [] };

function reportOf(outcome: MessageOutcome, delivery: NotifyDelivery, attempt: number, now: number): NotifyReport {
  const name = { sink: delivery.sink, part: delivery.message.part };
  if (outcome.outcome !== "failed") return { ...emptyReport, results: [{ ...name, ...outcome }] };
  const { reason, retryable } = outcome;
  const retry = retryable ? notifyRetryAt({ ...outcome, attempt, acceptedAt: delivery.acceptedAt, now }) : undefined;
  if (retry === undefined) {
    const said = retryable ? `${reason}; given up after 24 hours` : reason;
    return {
      ...emptyReport,
      results: [{ ...name, outcome: "failed", reason: said }],
      dead: [{ delivery, reasons: [said] }],
    };
  }
  return {
    ...emptyReport,
    results: [{ ...name, outcome: "failed", reason, retryAt: retry }],
    later: [{ delivery, at: retry }],
  };
}
