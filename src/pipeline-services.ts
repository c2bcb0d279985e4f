/** What the two halves of the pipeline need, as ports: who makes them is the composition root's business. */
import type { Delivery } from "./delivery.ts";
import type { Cluster } from "./kubernetes/kubernetes.ts";
import type { Logger } from "./log.ts";
import type { Generation } from "./playbooks/generation.ts";
import type { Watch } from "./playbooks/manifest.ts";
import type { RunRecord } from "./playbooks/run-record.ts";
import type { FindPrometheus } from "./prometheus/prometheus.ts";
import type { Queue } from "./queue/queue.ts";
import type { OpenSinks } from "./sinks/open-sinks.ts";
import type { State } from "./state/open.ts";
import type { Ledgers } from "./state/state.ts";
import type { Tracer } from "./trace.ts";

/** What `accept` needs. */
export interface AcceptServices {
  readonly playbooks: readonly Watch[];
  readonly ledgers: Ledgers;
  readonly queue: Queue;
  readonly tracer: Tracer;
  readonly now: () => number;
}

/** What `work` needs. */
export interface WorkServices extends WorkState {
  readonly generation: Generation;
  readonly cluster: (name: string) => Promise<Cluster>;
  readonly prometheus: FindPrometheus;
  /** In the order of the configuration. */
  readonly sinks: OpenSinks;
  /** For what cannot be finished now and is not a delivery's own work: messages that a sink did not take. */
  readonly queue: Queue;
  /** Plain data without the secrets that the configuration has resolved. */
  readonly scrub: <T>(data: T) => T;
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly traceFindings: boolean;
  readonly now: () => number;
}

export type DeliveryState = State<RunRecord, Delivery>;
type WorkState = Pick<
  DeliveryState,
  "ledgers" | "rateLimiters" | "claims" | "runs" | "messages" | "groups" | "digests" | "deadLetters"
>;
