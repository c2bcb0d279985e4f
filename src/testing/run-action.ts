/** Running one action on one event, through the machinery that runs playbooks. */
import type * as z from "zod";
import { effectOf } from "../effects.ts";
import { ActionTimeoutError, ConfigurationError } from "../errors.ts";
import { isSubclass } from "../events/event-class.ts";
import type { Block } from "../findings/blocks.ts";
import type { Enrichment, Finding, Link } from "../findings/finding.ts";
import { createReport } from "../findings/report.ts";
import { createDryRun } from "../kubernetes/dry-run.ts";
import type { ClusterCall } from "../kubernetes/kubernetes.ts";
import { resolve } from "../kubernetes/resolve.ts";
import type { Action, AnyAction } from "../playbooks/action.ts";
import { baseFinding } from "../playbooks/base-finding.ts";
import { check } from "../playbooks/params.ts";
import { runPlaybook } from "../playbooks/run.ts";
import type { RateLimiters } from "../state/state.ts";
import type { Effect } from "../trace.ts";
import type { TestEvent } from "./events.ts";
import { type FakePrometheus, fakePrometheus } from "./fake-prometheus.ts";
import { type LogEntry, recordingLog } from "./log.ts";
import { fakeRateLimiters } from "./rate-limiter.ts";

export interface RunActionOptions {
  /** Default: one of this run alone. */
  readonly rateLimiters?: RateLimiters;
  /** Default: none is found. */
  readonly prometheus?: FakePrometheus;
  /** Whether the cluster only tries what it is asked to change; default no. */
  readonly dryRun?: boolean;
  /** Aborts the signal that the action is given. */
  readonly signal?: AbortSignal;
  /** Names the run; a second one of the same name is a second attempt, and the rate limiter answers it as the first. */
  readonly run?: string;
}

/** What an action did. */
export interface ActionRun {
  /** What people are told, in the order in which it was found. Empty where the action said nothing. */
  readonly findings: readonly Finding[];
  /** The enrichments of all findings. */
  readonly enrichments: readonly Enrichment[];
  /** The blocks of all enrichments. */
  readonly blocks: readonly Block[];
  /** The links that the action added. */
  readonly links: readonly Link[];
  /** Whether it ended the work on the event. */
  readonly stopped: boolean;
  readonly log: readonly LogEntry[];
  /** The calls to the cluster's API that the action made. */
  readonly calls: readonly ClusterCall[];
  /** Of a dry run: what it would have changed in the cluster. */
  readonly effects: readonly Effect[];
}

const sink = "test";
let runs = 0;

/**
 * Runs an action on an event. Throws what the action throws, an ActionTimeoutError where it does not return in its time, a
 * ConfigurationError for params that a configuration could not have, in the same words, and a TypeError for an event that the action
 * does not take.
 *
 * @example
 * const { blocks } = await runAction(podBashEnricher, podEvent({ exec: "ok" }), { bash_command: "ls" });
 */
export async function runAction<E, P extends z.ZodType>(
  action: Action<E, P>,
  event: TestEvent<NoInfer<E>>,
  params?: z.input<P>,
  options: RunActionOptions = {},
): Promise<ActionRun> {
  if (!isSubclass(event.eventClass, action.on)) {
    throw new TypeError(`${action.name} takes a ${action.on.name}, not a ${event.eventClass.name}`);
  }
  const { delivery, changes, late, repeat } = event;
  const dryRun = createDryRun();
  const cluster = options.dryRun ? event.cluster.within({ dryRun }) : event.cluster;
  const {
    rateLimiters = fakeRateLimiters(),
    prometheus = noPrometheus,
    signal = never,
    run = `run-${++runs}`,
  } = options;
  const resolved = await resolve(delivery, cluster);
  const base = baseFinding(delivery, resolved);
  const report = createReport(base);
  const log: LogEntry[] = [];
  const calls: ClusterCall[] = [];
  const watched = watch(action);
  const { steps } = await runPlaybook({
    playbook: {
      id: "test",
      name: "test",
      at: "test",
      triggers: [],
      steps: [{ action: watched.action, params: parse(action, params) }],
      stop: false,
    },
    delivery,
    resolved,
    cluster,
    report,
    sinks: [sink],
    changes,
    late,
    repeat,
    earlier: [],
    signals: { lost: never, cancelled: never, deadline: signal },
    log: recordingLog(log),
    rateLimiter: (step, name) =>
      rateLimiters.for({ cluster: cluster.name, call: `${run}/test/${step}/${name}`, resumed: false }),
    prometheus: prometheus.find,
    journal: async () => undefined,
    onStep: () => undefined,
    onCall: (call) => calls.push(call),
  });
  const [step] = steps;
  if (step?.state === "timed out") throw new ActionTimeoutError(step.reason ?? "");
  if (step?.state === "skipped") throw signal.reason;
  if (step?.state === "failed") throw watched.thrown() ?? signal.reason;
  const findings = report.findings(sink).map(({ finding }) => finding);
  const enrichments = findings.flatMap((finding) => finding.enrichments);
  return {
    findings,
    enrichments,
    blocks: enrichments.flatMap(({ blocks }) => blocks),
    links: findings.flatMap(({ links }) => links.filter((link) => !base.links.includes(link))),
    stopped: report.stopped,
    log,
    calls,
    effects: dryRun.effects.map(effectOf),
  };
}

const never = new AbortController().signal;
const noPrometheus = fakePrometheus({ missing: "this test gives no Prometheus; runAction takes one in its options" });

function parse(action: AnyAction, params: unknown): unknown {
  const checked = check(action.params, params ?? {}, action.name);
  if (checked.ok) return checked.value;
  throw new ConfigurationError(checked.refusals.map(({ message }) => ({ at: action.name, message })));
}

/** The action, and what it threw itself: the run keeps no more than the message. */
function watch(action: AnyAction): { readonly action: AnyAction; readonly thrown: () => unknown } {
  let thrown: unknown;
  const run: AnyAction["run"] = async (event, params, context) => {
    try {
      await action.run(event, params, context);
    } catch (error) {
      thrown = error;
      throw error;
    }
  };
  return { action: { ...action, run }, thrown: () => thrown };
}
