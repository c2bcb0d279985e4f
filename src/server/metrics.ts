/** Prometheus metrics of a server, from the trace of its deliveries. https://prometheus.io/docs/practices/naming/ */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AnsweredRequest } from "../app.ts";
import type { TraceEvent } from "../trace.ts";
import type { Refusal, ReloadResult } from "./serving.ts";

export interface Metrics {
  onTrace(event: TraceEvent): void;
  onRequest(request: AnsweredRequest): void;
  onReload(result: ReloadResult): void;
  onRefused(status: number): void;
  /** In the text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsSources {
  readonly queue: () => { readonly pending: number; readonly inWork: number };
  readonly serving: () => { readonly generation: string | undefined; readonly refusal: Refusal | undefined };
}

export function createMetrics({ queue, serving }: MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `cortado_${name}_total`, help, labelNames, registers });

  const requests = counter("requests", "Requests answered", ["receiver", "status"]);
  const quarantined = counter("quarantined", "Items that could not be read", ["receiver"]);
  const deliveries = tally(registry, {
    name: "deliveries",
    help: "Deliveries received, by what became of them first",
    labelNames: ["kind", "outcome"],
  });
  const unmatched = tally(registry, {
    name: "unmatched",
    help: "Deliveries that no playbook matched, by playbook and by the condition that did not hold",
    labelNames: ["playbook", "condition"],
  });
  const ended = counter("deliveries_ended", "Deliveries worked to an end", ["kind"]);
  const postponed = counter("deliveries_postponed", "Times that a delivery had to come again", ["kind"]);
  const dead = counter("dead_letters", "Deliveries and messages given up", ["kind"]);
  const steps = counter("steps", "Actions run, by how they ended", ["action", "state"]);
  const calls = counter("cluster_calls", "Calls to the cluster's API", ["verb", "resource", "status"]);
  const messages = counter("messages", "Messages to sinks", ["sink", "outcome"]);
  const reloads = counter("reloads", "Reloads of the configuration and its repositories", ["result"]);
  const refusals = counter("invocations_refused", "Actions that were not run by hand, by what the caller was told", [
    "status",
  ]);
  const stepSeconds = new Histogram({
    name: "cortado_step_seconds",
    help: "Time that actions took",
    labelNames: ["action"],
    buckets: [0.01, 0.05, 0.25, 1, 5, 15, 60, 300],
    registers,
  });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `cortado_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge("queue_pending", "Deliveries that wait", () => queue().pending);
  gauge("queue_in_work", "Deliveries in work", () => queue().inWork);
  info(registry, "generation", "The generation that serves", ["generation"], () => {
    const { generation } = serving();
    return generation === undefined ? undefined : { generation };
  });
  info(registry, "refused", "There while what is configured does not load, and why", ["at", "reason"], () => {
    const [problem] = serving().refusal?.problems ?? [];
    return problem === undefined ? undefined : { at: problem.at, reason: problem.message };
  });

  return {
    onTrace(event) {
      const { kind } = event.delivery;
      switch (event.type) {
        case "queued":
        case "recognised":
          return deliveries(kind, event.type);
        case "unmatched":
          deliveries(kind, event.type);
          for (const { playbook, condition } of event.refusals) unmatched(playbook, condition);
          return;
        case "step":
          steps.inc({ action: event.action, state: event.state });
          return stepSeconds.observe({ action: event.action }, event.milliseconds / 1_000);
        case "call":
          return calls.inc({ verb: event.call.verb, resource: event.call.resource, status: event.call.status });
        case "notified":
          return messages.inc({ sink: event.result.sink, outcome: event.result.outcome });
        case "ended":
          return ended.inc({ kind });
        case "later":
          return postponed.inc({ kind });
        case "dead":
          return dead.inc({ kind });
      }
    },
    onRequest({ receiver, status, quarantined: items }) {
      requests.inc({ receiver, status });
      if (items > 0) quarantined.inc({ receiver }, items);
    },
    onReload: (result) => reloads.inc({ result }),
    onRefused: (status) => refusals.inc({ status }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** A gauge that is 1 for the labels of the moment, and not there where there are none. */
function info<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly L[],
  labels: () => Readonly<Record<L, string>> | undefined,
): void {
  new Gauge({
    name: `cortado_${name}_info`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      const now = labels();
      if (now !== undefined) this.set(now, 1);
    },
  });
}

/** A counter for what happens to every delivery: plain numbers, handed to the registry when it is read. */
function tally<A extends string, B extends string>(
  registry: Registry,
  { name, help, labelNames }: { name: string; help: string; labelNames: readonly [A, B] },
): (first: string, second: string) => void {
  const counts = new Map<string, Map<string, number>>();
  const [a, b] = labelNames;
  new Counter({
    name: `cortado_${name}_total`,
    help,
    labelNames: [a, b],
    registers: [registry],
    collect() {
      this.reset();
      for (const [first, seconds] of counts) {
        for (const [second, count] of seconds) this.labels(first, second).inc(count);
      }
    },
  });
  return (first, second) => {
    let seconds = counts.get(first);
    if (seconds === undefined) {
      seconds = new Map();
      counts.set(first, seconds);
    }
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  };
}
