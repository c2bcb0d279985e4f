/** Everything in one place and no queue: a sender is answered when its deliveries have been worked. For a single function. */
import type { Hono } from "hono";
import { createApp } from "./app.ts";
import { buttonsWithoutQueue } from "./buttons/apps.ts";
import { ConfigurationError } from "./errors.ts";
import { createLogger } from "./log.ts";
import { accept, work } from "./pipeline.ts";
import { createInlineQueue } from "./queue/inline.ts";
import type { Queue } from "./queue/queue.ts";
import { acceptServices, checkInvocation, openWorker } from "./services/services.ts";
import type { Settings } from "./settings.ts";
import { createScrubber } from "./tools/scrub.ts";
import type { Tracer } from "./trace.ts";

export interface Inline {
  /** Answers senders; `app.fetch` is what a function's adapter is given. */
  readonly app: Hono;
  close(): void;
}

/**
 * Opens what a function works with, once for all of its requests. The table has to be there. What cannot be finished in a request is
 * answered 503, and is gone on with when the sender comes again. Throws a ConfigurationError with every problem.
 */
export async function openInline(settings: Settings, tracer: Tracer = () => undefined): Promise<Inline> {
  const { manifest, close, queueStore: _, ...worker } = await openWorker(settings, tracer);
  const problems = buttonsWithoutQueue(worker.generation.sinks);
  if (problems.length > 0) {
    close();
    throw new ConfigurationError(problems);
  }
  const queue: Queue = createInlineQueue((delivery) => work(delivery, { ...worker, queue }));
  const services = acceptServices(manifest, { ledgers: worker.ledgers, queue, tracer: worker.tracer });
  const check = checkInvocation(worker);
  const app = createApp({
    ...manifest,
    ledgers: worker.ledgers,
    runs: worker.runs,
    claims: worker.claims,
    check: async (invocation) => check(invocation),
    accept: (deliveries) => accept(deliveries, services),
    log: createLogger({ level: settings.logLevel, scrubber: createScrubber() }),
    now: Date.now,
    onRequest: () => undefined,
    onRefused: () => undefined,
  });
  return { app, close };
}
