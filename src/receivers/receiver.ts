/** The receiver port: how one kind of sender's bodies become deliveries. */
import type { IncomingDelivery } from "../delivery.ts";

export interface Receiver {
  readonly name: string;
  /** The routes it answers; `/:cluster` may follow each. */
  readonly paths: readonly string[];
  /** What its senders wait for in a 200: most do not care. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** Throws BadRequestError for a body that cannot be read as a whole. One bad item never costs the others. */
  readonly parse: (body: unknown, context: ReceiverContext) => Received;
}

export interface Received {
  readonly deliveries: readonly IncomingDelivery[];
  readonly quarantined: readonly Quarantined[];
}

/** An item that could not be read, and why; counted and logged, never retried: it would be as bad the next time. */
export interface Quarantined {
  /** `alerts[3]`. */
  readonly at: string;
  readonly reason: string;
}

export interface ReceiverContext {
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Says which cluster an item is about, from what it says of itself. Throws ForbiddenError where the credential may not speak for it. */
  readonly clusterOf: (labels: Readonly<Record<string, string>>) => string;
  readonly relabel: readonly RelabelRule[];
}

/** Copies (`add`) or moves (`replace`) the value of one label to another, before anything looks at the alert. */
export interface RelabelRule {
  readonly source: string;
  readonly target: string;
  readonly operation: "add" | "replace";
}
