/** One worker thread as the main thread sees it. */
import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Delivery, InvocationDelivery } from "../delivery.ts";
import { ConfigurationError, describeError, type FieldProblem, type Problem } from "../errors.ts";
import type { Manifest, Sources } from "../playbooks/manifest.ts";
import type { Settings } from "../settings.ts";
import type { TraceEvent } from "../trace.ts";
import type { Outcome } from "./queue.ts";

/** What the main thread tells a worker. */
export type ToWorker =
  | { readonly type: "work"; readonly number: number; readonly delivery: Delivery }
  | { readonly type: "check"; readonly number: number; readonly invocation: InvocationDelivery }
  /** To be answered at once: a thread that does not is blocked. */
  | { readonly type: "ping" }
  | { readonly type: "stop" };

/** What a worker tells the main thread. */
export type FromWorker =
  /** It begins to load its generation; from now on it answers pings. */
  | { readonly type: "loading" }
  /** What that is made of. */
  | { readonly type: "sources"; readonly sources: Sources }
  /** It has loaded its generation, and takes deliveries. */
  | { readonly type: "ready"; readonly manifest: Manifest }
  /** It could not start, and why, for people; with the problems of the configuration where these are why. */
  | { readonly type: "refused"; readonly problem: string; readonly problems?: readonly Problem[] }
  | { readonly type: "outcome"; readonly number: number; readonly outcome: Outcome }
  | { readonly type: "checked"; readonly number: number; readonly problems: readonly FieldProblem[] }
  | { readonly type: "trace"; readonly event: TraceEvent }
  /** It has put entries into the queue. */
  | { readonly type: "wake" }
  | { readonly type: "pong" };

export interface ThreadOptions {
  /** The module that the thread runs. */
  readonly entry: URL;
  readonly settings: Settings;
  /** How long it may leave a ping without an answer, in milliseconds, before it is ended. */
  readonly maximumSilence: number;
  readonly onTrace: (event: TraceEvent) => void;
  readonly onWake: () => void;
  /** Told what it loads is made of, before it compiles that; not called where that has been compiled. */
  readonly onSources: (sources: Sources) => void;
  /** Aborted when it is not needed any more, while it starts. */
  readonly signal: AbortSignal;
}

export interface PoolThread {
  readonly manifest: Manifest;
  /** The name under which it holds leases. */
  readonly holder: string;
  readonly inWork: number;
  /** Resolves with the reason when the thread has ended, however it did. */
  readonly ended: Promise<string>;
  /** Rejects where the thread ended before it answered. */
  work(delivery: Delivery): Promise<Outcome>;
  /** Every reason why an invocation cannot be run; none where it can. Rejects as `work` does. */
  check(invocation: InvocationDelivery): Promise<readonly FieldProblem[]>;
  /** Ends it, once what it has in work is finished. */
  stop(): Promise<void>;
}

/** What an action has left behind, a timer perhaps, must not keep a thread that has nothing to do. */
const stopMilliseconds = 1_000;

/** Megabytes. Without a limit V8 lets garbage grow with the machine; an action that needs more ends its thread, and no other. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

/**
 * Resolves when the thread takes deliveries. Throws a ConfigurationError, or an Error that says why it did not start: it may have been blocked
 * by what it loads.
 */
export async function startThread(options: ThreadOptions): Promise<PoolThread> {
  const holder = randomUUID();
  const worker = new Worker(options.entry, { workerData: { ...options.settings, holder }, resourceLimits });
  const waiting = new Map<number, PromiseWithResolvers<Outcome>>();
  const checking = new Map<number, PromiseWithResolvers<readonly FieldProblem[]>>();
  const ready = Promise.withResolvers<Manifest>();
  const ended = Promise.withResolvers<string>();
  const send = (message: ToWorker) => worker.postMessage(message);
  const silence = watchSilence(options.maximumSilence, {
    ping: () => send({ type: "ping" }),
    onBlocked: (why) => {
      reason = why;
      void worker.terminate();
    },
  });
  let numbers = 0;
  let reason: string | undefined;

  worker.on("message", (message: FromWorker) => {
    silence.heard();
    switch (message.type) {
      case "loading":
        return silence.start();
      case "sources":
        return options.onSources(message.sources);
      case "ready":
        return ready.resolve(message.manifest);
      case "refused":
        return ready.reject(message.problems ? new ConfigurationError(message.problems) : new Error(message.problem));
      case "outcome":
        waiting.get(message.number)?.resolve(message.outcome);
        waiting.delete(message.number);
        return;
      case "checked":
        checking.get(message.number)?.resolve(message.problems);
        checking.delete(message.number);
        return;
      case "trace":
        return options.onTrace(message.event);
      case "wake":
        return options.onWake();
      case "pong":
        return;
    }
  });
  worker.on("error", (error) => {
    reason = describeError(error);
  });
  // Only then is it certain that nothing of it does anything any more.
  worker.on("exit", (code) => {
    const why = reason ?? `it exited with code ${code}`;
    silence.stop();
    ended.resolve(why);
    ready.reject(new Error(`a worker thread did not start: ${why}`));
    for (const { reject } of [...waiting.values(), ...checking.values()]) {
      reject(new Error(`the worker thread ended: ${why}`));
    }
    waiting.clear();
    checking.clear();
  });

  const manifest = await orAborted(ready.promise, options.signal, () => {
    reason = "it is not needed any more";
    void worker.terminate();
  });
  return {
    manifest,
    holder,
    get inWork() {
      return waiting.size;
    },
    ended: ended.promise,
    work(delivery) {
      numbers += 1;
      const answer = Promise.withResolvers<Outcome>();
      waiting.set(numbers, answer);
      send({ type: "work", number: numbers, delivery });
      return answer.promise;
    },
    check(invocation) {
      numbers += 1;
      const answer = Promise.withResolvers<readonly FieldProblem[]>();
      checking.set(numbers, answer);
      send({ type: "check", number: numbers, invocation });
      return answer.promise;
    },
    async stop() {
      await Promise.allSettled([...waiting.values(), ...checking.values()].map(({ promise }) => promise));
      send({ type: "stop" });
      const timer = setTimeout(() => void worker.terminate(), stopMilliseconds);
      await ended.promise;
      clearTimeout(timer);
    },
  };
}

/** Calls `onAbort` where the signal is aborted before the promise has settled. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal, onAbort: () => void): Promise<T> {
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

interface Watched {
  readonly ping: () => void;
  readonly onBlocked: (reason: string) => void;
}

/** Pings a thread, and tells once it has not been heard for too long. */
function watchSilence(maximum: number, { ping, onBlocked }: Watched) {
  let timer: NodeJS.Timeout | undefined;
  let unanswered = 0;
  const pings = 4;
  return {
    start() {
      const look = () => {
        if (unanswered >= pings) return onBlocked(`its event loop was blocked for ${maximum / 1_000} s`);
        unanswered += 1;
        return ping();
      };
      timer = setInterval(look, maximum / pings);
      timer.unref();
    },
    heard() {
      unanswered = 0;
    },
    stop: () => clearInterval(timer),
  };
}
