/** A server: HTTP in one thread, deliveries worked in others, the queue between them in the state table. For a pod and for a laptop. */
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import { createAdminApp } from "./admin-app.ts";
import { createApp } from "./app.ts";
import { ConfigurationError } from "./errors.ts";
import type { Logger } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { accept } from "./pipeline.ts";
import { createLocalQueue, type LocalQueue } from "./queue/local.ts";
import { startWorkerPool, type WorkerPool } from "./queue/worker-pool.ts";
import { createRecent } from "./recent.ts";
import { acceptServices, openTable, prepareTable } from "./services.ts";
import type { Settings } from "./settings.ts";
import type { Ledgers } from "./state/state.ts";
import type { TraceEvent, Tracer } from "./trace.ts";
import { logTrace } from "./trace-log.ts";

export interface ServerOptions {
  readonly settings: Settings;
  /** The module that worker threads run. */
  readonly workerEntry: URL;
  /** Default: every interface where a token is configured, else loopback alone. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Of health, readiness, metrics and `/idle`. */
  readonly adminPort: number;
  readonly threads?: number;
  readonly log: Logger;
  readonly onTrace?: (event: TraceEvent) => void;
}

export interface RunningServer {
  readonly url: string;
  readonly adminUrl: string;
  /** Takes no further request, finishes what is in work, and ends. What waits is in the table. */
  close(): Promise<void>;
}

const defaultThreads = 2;

/**
 * Starts a server. Throws a ConfigurationError with every problem where the configuration does not load, and where it would listen to
 * the network without a token.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  /** What was started, to be ended in the opposite order. */
  const started: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let end = started.pop(); end !== undefined; end = started.pop()) await end();
  };
  try {
    return { ...(await start(options, (end) => started.push(end))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: ServerOptions,
  onClose: (end: () => Promise<void>) => void,
): Promise<Omit<RunningServer, "close">> {
  const { log } = options;
  const { settings, close } = await prepareTable(options.settings);
  onClose(close);
  let queue: LocalQueue | undefined;
  const metrics = createMetrics(() => ({ pending: queue?.pending ?? 0, inWork: queue?.inWork ?? 0 }));
  const recent = createRecent(Date.now);
  const tracers: readonly Tracer[] = [
    metrics.onTrace,
    recent.onTrace,
    logTrace(log),
    options.onTrace ?? (() => undefined),
  ];
  const tracer = (event: TraceEvent) => {
    for (const tell of tracers) tell(event);
  };
  const state = await openTable(settings);
  const pool = await startWorkerPool({
    entry: options.workerEntry,
    settings,
    threads: options.threads ?? defaultThreads,
    onTrace: tracer,
    onWake: () => queue?.wake(),
    onInterrupted: (delivery, holder) => state.ledgers.releaseHeldBy(holder, delivery),
    log,
  });
  onClose(pool.close);
  const { manifest } = pool;
  const hostname = hostFor(options.host, manifest.tokens.length > 0);
  const admin = createAdminApp({ ...manifest, metrics, recent, log, ready: () => readiness(state.ledgers, pool) });
  const adminListener = await listen(admin, hostname, options.adminPort);
  onClose(adminListener.close);
  queue = createLocalQueue({ store: state.queue, work: pool.work, capacity: pool.capacity, log, now: Date.now });
  onClose(queue.drain);
  const services = acceptServices(manifest, { ledgers: state.ledgers, queue, tracer });
  const app = createApp({
    ...manifest,
    accept: (deliveries) => accept(deliveries, services),
    log,
    now: Date.now,
    onRequest: metrics.onRequest,
  });
  const listener = await listen(app, hostname, options.port);
  onClose(listener.close);
  return { url: listener.url, adminUrl: adminListener.url };
}

const loopback = "127.0.0.1";

function hostFor(host: string | undefined, hasToken: boolean): string {
  if (hasToken) return host ?? "0.0.0.0";
  if (host === undefined || host === loopback || host === "::1" || host === "localhost") return host ?? loopback;
  const message = `without a token in auth.tokens anybody who reaches ${host} could start actions; configure one, or listen on ${loopback}`;
  throw new ConfigurationError([{ at: "--host", message }]);
}

/** A key that nothing is ever worked under. */
const probe = { cluster: "-", key: "readiness" };

/** Undefined when deliveries can be taken, else why not. */
async function readiness(ledgers: Ledgers, pool: WorkerPool): Promise<string | undefined> {
  if (pool.capacity() === 0) return "no worker thread is running";
  try {
    await ledgers.read([probe]);
    return undefined;
  } catch {
    return "the state table does not answer";
  }
}

interface Listener {
  readonly url: string;
  close(): Promise<void>;
}

function listen(app: Hono, hostname: string, port: number): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port }, ({ port: bound }: AddressInfo) => {
      const shown = hostname === "0.0.0.0" ? loopback : hostname;
      resolve({
        url: `http://${shown.includes(":") ? `[${shown}]` : shown}:${bound}`,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
    server.once("error", reject);
  });
}
