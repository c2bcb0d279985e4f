/** What happens when a delivery cannot be worked to its end now. */
import type { Delivery } from "../delivery.ts";
import { describeError, isCortadoError } from "../errors.ts";
import type { Outcome } from "../queue/queue.ts";
import type { DeadLetters, Ledgers } from "../state/state.ts";
import { summarise, type Tracer } from "../trace.ts";

export interface SetbackServices {
  readonly ledgers: Pick<Ledgers, "requestCancel">;
  readonly deadLetters: Pick<DeadLetters<Delivery>, "put">;
  readonly tracer: Tracer;
  readonly now: () => number;
}

/** Between two looks at a key that another holds. */
const busyMilliseconds = 5_000;
/** After each failure of our own infrastructure; the last one goes on. */
const backoffSeconds = [5, 15, 45, 135] as const;
/** Of a backoff, so that what failed together does not come back together. */
const jitter = 0.2;
/** How often work on a delivery may begin before it is given up. */
export const maximumAttempts = 5;

/** Another works on this key. A resolution that has to wait for its own alert keeps that from changing anything more. */
export async function waitForKey(delivery: Delivery, services: SetbackServices): Promise<Outcome> {
  const resolves = delivery.kind === "alert" && delivery.alert.status === "resolved";
  if (resolves) await services.ledgers.requestCancel(delivery);
  return later(delivery, services.now() + busyMilliseconds, "its key is being worked on", services);
}

/** Something of ours failed: the delivery waits, longer each time, or as long as the error says. */
export function comeAgain(error: unknown, delivery: Delivery, attempts: number, services: SetbackServices): Outcome {
  const wanted = isCortadoError(error) ? error.retryAfterSeconds : undefined;
  const seconds = wanted ?? backoffSeconds[Math.min(attempts, backoffSeconds.length) - 1] ?? backoffSeconds[0];
  const milliseconds = seconds * 1_000 * (1 + jitter * Math.random());
  return later(delivery, Math.round(services.now() + milliseconds), describeError(error), services);
}

/** Given up: kept where people see it, with the reason. */
export async function bury(delivery: Delivery, reasons: readonly string[], services: SetbackServices): Promise<void> {
  await services.deadLetters.put({ body: delivery, reasons });
  services.tracer({ type: "dead", delivery: summarise(delivery), reasons });
}

export function later(delivery: Delivery, at: number, reason: string, { tracer }: SetbackServices): Outcome {
  tracer({ type: "later", delivery: summarise(delivery), at, reason });
  return { state: "later", at, reason };
}
