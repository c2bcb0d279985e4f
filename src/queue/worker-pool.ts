/** Worker threads that work deliveries: playbook code never runs in the thread that answers senders. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Delivery } from "../delivery.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../playbooks/action.ts";
import type { Manifest } from "../playbooks/manifest.ts";
import type { TraceEvent } from "../trace.ts";
import type { Outcome } from "./queue.ts";

/** What the main thread tells a worker. */
export type ToWorker =
  | { readonly type: "work"; readonly number: number; readonly delivery: Delivery }
  | { readonly type: "stop" };

/** What a worker tells the main thread. */
export type FromWorker =
  /** It has loaded its generation, and takes deliveries. */
  | { readonly type: "ready"; readonly manifest: Manifest }
  /** It could not start, and why, for people. */
  | { readonly type: "refused"; readonly problem: string }
  | { readonly type: "outcome"; readonly number: number; readonly outcome: Outcome }
  | { readonly type: "trace"; readonly event: TraceEvent }
  /** It has put entries into the queue. */
  | { readonly type: "wake" };

export interface WorkerPoolOptions {
  /** The module that a thread runs. */
  readonly entry: URL;
  /** Handed to every thread. */
  readonly data: unknown;
  readonly threads: number;
  readonly onTrace: (event: TraceEvent) => void;
  readonly onWake: () => void;
  readonly log: Logger;
}

export interface WorkerPool {
  /** Of the generation that the threads work with. */
  readonly manifest: Manifest;
  /** Works one delivery in the thread that has the least to do. Rejects where the thread ended before it answered. */
  work(delivery: Delivery): Promise<Outcome>;
  /** How many deliveries may be in work at once. */
  capacity(): number;
  close(): Promise<void>;
}

/** Deliveries wait for clusters and sinks most of the time, so one thread has several. */
const deliveriesPerThread = 8;
/** Between the end of a thread and the start of the one that takes its place. */
const restartMilliseconds = 500;

/** Starts the threads; resolves when each has loaded its generation. Throws an Error that says why where one cannot. */
export async function startWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const threads = new Set<Thread>();
  let closing = false;

  const start = async (): Promise<Thread> => {
    const thread = await startThread(options);
    threads.add(thread);
    void thread.ended.then((reason) => {
      threads.delete(thread);
      if (closing) return;
      options.log.error("a worker thread ended; another takes its place", { reason });
      setTimeout(() => void start().catch(reportFailedStart), restartMilliseconds).unref();
    });
    return thread;
  };
  const reportFailedStart = (error: unknown) => {
    options.log.error("a worker thread could not be started", { error: describeError(error) });
  };

  const [first] = await Promise.all(Array.from({ length: Math.max(1, options.threads) }, start));
  if (first === undefined) throw new Error("no worker thread was started");
  return {
    manifest: first.manifest,
    async work(delivery) {
      const [least] = [...threads].sort((a, b) => a.inWork - b.inWork);
      if (least === undefined) throw new Error("no worker thread is running");
      return await least.work(delivery);
    },
    capacity: () => threads.size * deliveriesPerThread,
    async close() {
      closing = true;
      await Promise.all([...threads].map((thread) => thread.stop()));
    },
  };
}

interface Thread {
  readonly manifest: Manifest;
  readonly inWork: number;
  /** Resolves with the reason when the thread has ended, however it did. */
  readonly ended: Promise<string>;
  work(delivery: Delivery): Promise<Outcome>;
  stop(): Promise<void>;
}

async function startThread({ entry, data, onTrace, onWake }: WorkerPoolOptions): Promise<Thread> {
  const worker = new Worker(entry, { workerData: data });
  const waiting = new Map<number, PromiseWithResolvers<Outcome>>();
  const ready = Promise.withResolvers<Manifest>();
  const ended = Promise.withResolvers<string>();
  let numbers = 0;

  worker.on("message", (message: FromWorker) => {
    switch (message.type) {
      case "ready":
        return ready.resolve(message.manifest);
      case "refused":
        return ready.reject(new Error(message.problem));
      case "outcome":
        waiting.get(message.number)?.resolve(message.outcome);
        waiting.delete(message.number);
        return;
      case "trace":
        return onTrace(message.event);
      case "wake":
        return onWake();
    }
  });
  worker.on("error", (error) => end(describeError(error)));
  worker.on("exit", (code) => end(`it exited with code ${code}`));
  const end = (reason: string) => {
    ended.resolve(reason);
    ready.reject(new Error(`a worker thread did not start: ${reason}`));
    for (const { reject } of waiting.values()) reject(new Error(`the worker thread ended: ${reason}`));
    waiting.clear();
  };

  const manifest = await ready.promise;
  const send = (message: ToWorker) => worker.postMessage(message);
  return {
    manifest,
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
    async stop() {
      const exited = once(worker, "exit");
      send({ type: "stop" });
      await exited;
    },
  };
}
