/**
 * What serves now: one generation, whole, with the threads that work it and the handlers that answer for it. A reload puts another in its
 * place; what does not load leaves it there, and is told.
 */
import type { Hono } from "hono";
import type { Delivery, InvocationDelivery } from "../delivery.ts";
import { type FieldProblem, type Problem, problemsOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Manifest } from "../playbooks/manifest.ts";
import type { Outcome } from "../queue/queue.ts";
import type { WorkerPool } from "../queue/worker-pool.ts";
import { oneAtATime } from "../tools/one-at-a-time.ts";

/** The handlers of one generation. A request is answered by those that served when it arrived. */
export interface Handlers {
  readonly app: Hono;
  readonly admin: Hono;
}

/** Why what is configured is not what serves. */
export interface Refusal {
  /** When it was refused, in milliseconds since the epoch. */
  readonly at: number;
  readonly problems: readonly Problem[];
}

export type Reloaded =
  | { readonly ok: true; readonly generation: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `unchanged`: it loads, and is what serves already. */
export type ReloadResult = "replaced" | "unchanged" | "refused";

export interface ServingOptions {
  /** Loads what is configured now. Throws a ConfigurationError, or an Error that says why not. */
  readonly load: (signal: AbortSignal) => Promise<WorkerPool>;
  /** Throws a ConfigurationError where this process cannot serve it without a restart. */
  readonly admit: (manifest: Manifest) => void;
  readonly handlersOf: (manifest: Manifest) => Handlers;
  readonly onReload: (result: ReloadResult) => void;
  readonly log: Logger;
  readonly now: () => number;
}

export interface Serving {
  /** Loads the first generation. Throws where it does not load; then nothing serves. */
  start(): Promise<void>;
  /** Answer a request by the generation that serves now. */
  readonly app: Hono["fetch"];
  readonly admin: Hono["fetch"];
  /** Undefined before the first one. */
  readonly generation: string | undefined;
  /** Undefined where what is configured serves. */
  readonly refusal: Refusal | undefined;
  /** Works a delivery with the generation that serves now. */
  work(delivery: Delivery): Promise<Outcome>;
  /** Every reason why an invocation cannot be run by it. Throws UnavailableError. */
  check(invocation: InvocationDelivery): Promise<readonly FieldProblem[]>;
  /** How many deliveries may be in work at once, with those that an earlier generation finishes. */
  capacity(): number;
  /**
   * Loads what is configured now and puts it in the place of what serves, which finishes what it has in work. One at a time: what is asked
   * for meanwhile is done once, afterwards. Never throws.
   */
  reload(why: string): Promise<Reloaded>;
  /** Gives up a reload under way, and ends every thread, each once what it has in work is finished. */
  close(): Promise<void>;
}

interface Served extends Handlers {
  readonly pool: WorkerPool;
}

export function createServing({ load, admit, handlersOf, onReload, log, now }: ServingOptions): Serving {
  let served: Served | undefined;
  let refusal: Refusal | undefined;
  const stopping = new AbortController();
  const started = Promise.withResolvers<void>();
  /** Earlier generations, which finish what they have in work. */
  const leaving = new Map<WorkerPool, Promise<void>>();

  const serves = (): Served => {
    if (served === undefined) throw new Error("no generation is loaded");
    return served;
  };

  const open = async (): Promise<Served> => {
    const pool = await load(stopping.signal);
    try {
      admit(pool.manifest);
      return { pool, ...handlersOf(pool.manifest) };
    } catch (error) {
      await pool.close();
      throw error;
    }
  };

  const retire = (pool: WorkerPool) => {
    const left = pool.close().finally(() => leaving.delete(pool));
    leaving.set(pool, left);
  };

  const replace = (next: Served): ReloadResult => {
    const { generation } = next.pool.manifest;
    const before = served?.pool;
    if (before?.manifest.generation === generation) {
      retire(next.pool);
      return "unchanged";
    }
    served = next;
    if (before !== undefined) retire(before);
    return "replaced";
  };

  const refuse = (error: unknown): Reloaded => {
    const problems = problemsOf(error);
    refusal = { at: now(), problems };
    onReload("refused");
    const generation = served?.pool.manifest.generation;
    log.error("what is configured now does not load; the generation before it goes on", { problems, generation });
    return { ok: false, problems };
  };

  const reload = oneAtATime(async (reasons): Promise<Reloaded> => {
    await started.promise;
    const why = [...new Set(reasons)].join(", ");
    if (stopping.signal.aborted) return { ok: false, problems: [isStopping] };
    const began = now();
    log.info("loading what is configured now", { why });
    try {
      const next = await open();
      const result = replace(next);
      refusal = undefined;
      onReload(result);
      const { generation, playbooks } = next.pool.manifest;
      log.info(result === "replaced" ? "a new generation serves" : "what is configured serves already", {
        generation,
        playbooks: playbooks.length,
        milliseconds: now() - began,
      });
      return { ok: true, generation };
    } catch (error) {
      if (stopping.signal.aborted) return { ok: false, problems: [isStopping] };
      return refuse(error);
    }
  });

  return {
    async start() {
      try {
        served = await open();
      } finally {
        started.resolve();
      }
    },
    app: (...request) => serves().app.fetch(...request),
    admin: (...request) => serves().admin.fetch(...request),
    get generation() {
      return served?.pool.manifest.generation;
    },
    get refusal() {
      return refusal;
    },
    work: async (delivery) => await serves().pool.work(delivery),
    check: async (invocation) => await serves().pool.check(invocation),
    capacity() {
      const own = served?.pool.capacity() ?? 0;
      const left = [...leaving.keys()].reduce((sum, pool) => sum + pool.inWork(), 0);
      // What has not ended costs memory: it may not add up without end where generations follow each other fast.
      return own + Math.min(left, own);
    },
    reload,
    async close() {
      stopping.abort();
      await reload("stopping");
      const pools = served === undefined ? [] : [served.pool.close()];
      await Promise.all([...pools, ...leaving.values()]);
    },
  };
}

const isStopping: Problem = { at: "server", message: "This server is shutting down." };
