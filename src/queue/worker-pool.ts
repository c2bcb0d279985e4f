/** Worker threads that work deliveries: playbook code never runs in the thread that answers senders. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery, InvocationDelivery } from "../delivery.ts";
import { describeError, type FieldProblem, UnavailableError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Manifest } from "../playbooks/manifest.ts";
import { type PoolThread, startThread, type ThreadOptions } from "./pool-thread.ts";
import { createQuarantine, type Suspects } from "./quarantine.ts";
import type { Outcome } from "./queue.ts";

export interface WorkerPoolOptions extends Omit<ThreadOptions, "maximumSilence"> {
  readonly threads: number;
  /** How long a thread may be blocked, in milliseconds; default 10,000. */
  readonly maximumSilence?: number;
  /** Told, before a delivery is worked again, under which name the thread that died with it held its lease. */
  readonly onInterrupted: (delivery: Delivery, holder: string) => Promise<void>;
  /** Whose thread died with them, in this pool or in one before it. */
  readonly suspects: Suspects;
  readonly log: Logger;
}

export interface WorkerPool {
  /** Of the generation that the threads work with. */
  readonly manifest: Manifest;
  /**
   * Works one delivery in the thread that has the least to do. Rejects where the thread ended before it answered; then nobody knows which
   * of its deliveries was to blame, and each is worked alone when it comes again.
   */
  work(delivery: Delivery): Promise<Outcome>;
  /**
   * Every reason why an invocation cannot be run, by the schemas of the actions; none where it can. Throws UnavailableError where no thread
   * answered.
   */
  check(invocation: InvocationDelivery): Promise<readonly FieldProblem[]>;
  /** How many deliveries may be in work at once. */
  capacity(): number;
  /** How many are. */
  inWork(): number;
  /** Ends the threads, each once what it has in work is finished. None is replaced any more. */
  close(): Promise<void>;
}

/** Deliveries wait for clusters and sinks most of the time, so one thread has several. */
const deliveriesPerThread = 8;
const defaultMaximumSilence = 10_000;
/** Between the end of a thread and the start of the one that takes its place, and between attempts at that. */
const restartMilliseconds = 500;
const longestRestartMilliseconds = 30_000;

/**
 * Starts the threads; resolves when the first has loaded its generation. The others load what that one compiled, and come to it. Throws a
 * ConfigurationError with every problem, or an Error that says why it cannot start; then none is left.
 */
export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const { log, suspects } = options;
  const threads = new Set<PoolThread>();
  /** Those that do not take deliveries yet. */
  const starting = new Set<Promise<unknown>>();
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  let bundles: Manifest["bundles"] | undefined;
  let inWork = 0;

  const startOne = async (): Promise<PoolThread> => {
    const { settings, maximumSilence = defaultMaximumSilence } = options;
    const first = { ...options, maximumSilence, signal };
    const later = (known: Manifest["bundles"]) => ({
      ...first,
      settings: { ...settings, bundles: known },
      onSources: () => undefined,
    });
    const start = startThread(bundles === undefined ? first : later(bundles));
    starting.add(start);
    try {
      const thread = await start;
      bundles ??= thread.manifest.bundles;
      return thread;
    } finally {
      starting.delete(start);
    }
  };
  const quarantine = createQuarantine({ suspects, start: startOne, onInterrupted: options.onInterrupted });

  const start = async (): Promise<PoolThread> => {
    const thread = await startOne();
    threads.add(thread);
    void thread.ended.then((reason) => {
      threads.delete(thread);
      if (signal.aborted) return;
      log.error("a worker thread ended; another takes its place", { reason });
      void startInTime(restartMilliseconds);
    });
    return thread;
  };

  const startInTime = async (pause: number): Promise<void> => {
    await sleep(pause, undefined, { ref: false });
    if (signal.aborted) return;
    try {
      await start();
    } catch (error) {
      if (signal.aborted) return;
      log.error("a worker thread could not be started", { error: describeError(error) });
      await startInTime(Math.min(Math.max(restartMilliseconds, pause * 2), longestRestartMilliseconds));
    }
  };

  const leastBusy = (): PoolThread | undefined => [...threads].sort((a, b) => a.inWork - b.inWork)[0];

  const work = async (delivery: Delivery): Promise<Outcome> => {
    if (suspects.holderOf(delivery) !== undefined) return await quarantine.work(delivery);
    const least = leastBusy();
    if (least === undefined) throw new Error("no worker thread is running");
    try {
      return await least.work(delivery);
    } catch (error) {
      suspects.add(delivery, least.holder);
      throw error;
    }
  };

  const { manifest } = await start();
  for (let others = 1; others < options.threads; others += 1) void startInTime(0);
  return {
    manifest,
    async work(delivery) {
      inWork += 1;
      try {
        return await work(delivery);
      } finally {
        inWork -= 1;
      }
    },
    async check(invocation) {
      try {
        const least = leastBusy();
        if (least === undefined) throw new Error("no worker thread is running");
        return await least.check(invocation);
      } catch (error) {
        throw new UnavailableError("nothing could check the request now", { cause: error, retryAfterSeconds: 2 });
      }
    },
    capacity: () => threads.size * deliveriesPerThread,
    inWork: () => inWork,
    async close() {
      closing.abort();
      await Promise.all([...threads, quarantine].map((one) => one.stop()));
      await Promise.allSettled(starting);
    },
  };
}
