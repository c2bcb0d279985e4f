/** What a playbook runs on, for tests of the machinery: a pod's alert, a fake cluster, and a log of everything that is told. */
import type { Finding } from "../../src/findings/finding.ts";
import { createReport } from "../../src/findings/report.ts";
import { resolve } from "../../src/kubernetes/resolve.ts";
import type { AnyAction } from "../../src/playbooks/action.ts";
import { baseFinding } from "../../src/playbooks/base-finding.ts";
import type { PlaybookStep } from "../../src/playbooks/playbook.ts";
import { type RunInput, runPlaybook } from "../../src/playbooks/run.ts";
import type { StepRecord } from "../../src/playbooks/run-record.ts";
import { alertEvent, fakePrometheus, fakeRateLimiters } from "../../src/testing.ts";

export interface Signals {
  readonly lost: AbortController;
  readonly cancelled: AbortController;
  readonly deadline: AbortController;
}

/** A run of a playbook, and what it left behind. */
export async function prepareRun(steps: readonly (AnyAction | PlaybookStep)[], more: Partial<RunInput> = {}) {
  const { cluster, delivery } = alertEvent({ pod: {} });
  const resolved = await resolve(delivery, cluster);
  const report = createReport(baseFinding(delivery, resolved));
  const signals: Signals = {
    lost: new AbortController(),
    cancelled: new AbortController(),
    deadline: new AbortController(),
  };
  const journals: (readonly StepRecord[])[] = [];
  const limiters = fakeRateLimiters();
  const input: RunInput = {
    playbook: {
      id: "p",
      name: "p",
      at: "cortado.yaml:1",
      triggers: [],
      steps: steps.map((step) => ("action" in step ? step : { action: step, params: {} })),
      stop: false,
    },
    delivery,
    resolved,
    cluster,
    report,
    sinks: ["slack"],
    changes: [],
    late: false,
    repeat: 0,
    earlier: [],
    signals: { lost: signals.lost.signal, cancelled: signals.cancelled.signal, deadline: signals.deadline.signal },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    rateLimiter: (step, action) =>
      limiters.for({ cluster: cluster.name, call: `run/p/${step}/${action}`, resumed: false }),
    prometheus: fakePrometheus().find,
    journal: async (records) => {
      journals.push(structuredClone(records));
    },
    onStep: () => {},
    onCall: () => {},
    ...more,
  };
  return {
    signals,
    journals,
    cluster,
    limiters,
    run: () => runPlaybook(input),
    findings: (): Finding[] => report.findings("slack").map(({ finding }) => finding),
    /** What people are told beside blocks. */
    notes: () => report.findings("slack").flatMap(({ finding }) => finding.notes),
    /** The texts of all markdown. */
    texts: () =>
      report
        .findings("slack")
        .flatMap(({ finding }) => finding.enrichments)
        .flatMap(({ blocks }) => blocks.map((block) => (block.type === "markdown" ? block.text : block.type))),
  };
}
