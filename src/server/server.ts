/** A server: HTTP in one thread, deliveries worked in others, the queue between them in the state table. For a pod and for a laptop. */

import { createEndings } from "../api/endings.ts";
import { createApp } from "../app.ts";
import { createPublisher } from "../bundles/publish.ts";
import type { Logger } from "../log.ts";
import { accept } from "../pipeline.ts";
import { createLocalQueue } from "../queue/local.ts";
import { createSuspects } from "../queue/quarantine.ts";
import { tryToLoad } from "../queue/try-load.ts";
import { startWorkerPool } from "../queue/worker-pool.ts";
import { fetchDirOf, withText } from "../services/generation.ts";
import { openBundleStore, openReach } from "../services/pushed.ts";
import { acceptServices } from "../services/services.ts";
import { openTable, prepareTable } from "../services/table.ts";
import type { Settings } from "../settings.ts";
import type { Ledgers } from "../state/state.ts";
import type { TraceEvent } from "../trace.ts";
import { watchFiles } from "../watch/files.ts";
import { watchPushed } from "../watch/pushed.ts";
import { watchersOf } from "../watch/sources.ts";
import { createWatches } from "../watch/watches.ts";
import { createAdminApp } from "./admin-app.ts";
import { createAway } from "./away.ts";
import { createAddress, listen } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { createRecent } from "./recent.ts";
import { createServing, type Reloaded } from "./serving.ts";
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
  /** How long a thread may be blocked before it is ended, in milliseconds; default 10,000. */
  readonly maximumSilence?: number;
  readonly log: Logger;
  readonly onTrace?: (event: TraceEvent) => void;
}

export interface RunningServer {
  readonly url: string;
  readonly adminUrl: string;
  /** Loads what is configured now, and puts it in the place of what serves; what does not load leaves that there. Never throws. */
  reload(why: string): Promise<Reloaded>;
  /** Takes no further request, finishes what is in work, and ends. What waits is in the table. */
  close(): Promise<void>;
}

const defaultThreads = 2;
const defaultMaximumSilence = 10_000;

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
  const { log, workerEntry: entry, maximumSilence = defaultMaximumSilence } = options;
  const { settings, close } = await prepareTable(options.settings);
  onClose(close);
  const state = await openTable(settings);
  const { ledgers, runs, claims, pushed } = state;
  const stopping = new AbortController();
  const store = await openBundleStore(settings);
  const publisher = createPublisher({
    pushed,
    store,
    async check(repositories) {
      const loaded = { ...(await withText(settings)), pushed: repositories };
      return await tryToLoad({ entry, settings: loaded, maximumSilence, signal: stopping.signal });
    },
    now: Date.now,
  });
  const recent = createRecent(Date.now);
  const metrics = createMetrics({ queue: () => queue, serving: () => serving });
  const endings = createEndings();
  const tracers = [
    metrics.onTrace,
    endings.onTrace,
    recent.onTrace,
    logTrace(log),
    options.onTrace ?? (() => undefined),
  ];
  const tracer = (event: TraceEvent) => {
    for (const tell of tracers) tell(event);
  };
  const suspects = createSuspects();
  const watches = createWatches((why) => void serving.reload(why));
  const always = new Map([
    ["configuration", watchFiles(settings.configuration)],
    ["pushed", watchPushed(pushed, openReach(settings, store, Date.now))],
  ]);
  const away = createAway(log);
  const remote = { workDir: fetchDirOf(settings), env: settings.env, ...away };
  const address = createAddress(options.host);

  const serving = createServing({
    async load(signal) {
      await watches.catchUp();
      return await startWorkerPool({
        entry,
        settings: await withText(settings),
        threads: options.threads ?? defaultThreads,
        maximumSilence,
        onTrace: tracer,
        onWake: () => queue.wake(),
        onSources: (sources) => watches.keep(new Map([...always, ...watchersOf(sources, remote)])),
        onInterrupted: (delivery, holder) => ledgers.releaseHeldBy(holder, delivery),
        suspects,
        signal,
        log,
      });
    },
    admit: address.admit,
    handlersOf(manifest) {
      const services = acceptServices(manifest, { ledgers, queue, tracer });
      const shared = { ...manifest, ledgers, runs, claims, check: serving.check, endings, log, now: Date.now };
      const pushing = { pushed, publisher, store, bundles: manifest.bundles, reload: serving.reload };
      const ready = () => readiness(ledgers, serving.capacity());
      return {
        app: createApp({ ...shared, ...metrics, pushing, accept: (deliveries) => accept(deliveries, services) }),
        admin: createAdminApp({ ...shared, metrics, recent, ready, refusal: () => serving.refusal, away: away.list }),
      };
    },
    onReload: metrics.onReload,
    log,
    now: Date.now,
  });
  const { work, capacity } = serving;
  const queue = createLocalQueue({ store: state.queue, work, capacity, log, now: Date.now });

  onClose(serving.close);
  watches.keep(always);
  onClose(async () => watches.close());
  await serving.start();
  const adminListener = await listen(serving.admin, address.hostname, options.adminPort);
  onClose(adminListener.close);
  queue.start();
  onClose(queue.drain);
  const listener = await listen(serving.app, address.hostname, options.port);
  onClose(listener.close);
  onClose(async () => endings.stop());
  onClose(async () => stopping.abort());
  return { url: listener.url, adminUrl: adminListener.url, reload: serving.reload };
}

/** A key that nothing is ever worked under. */
const probe = { cluster: "-", key: "readiness" };

/** Undefined when deliveries can be taken, else why not. */
async function readiness(ledgers: Ledgers, capacity: number): Promise<string | undefined> {
  if (capacity === 0) return "no worker thread is running";
  try {
    await ledgers.read([probe]);
    return undefined;
  } catch {
    return "the state table does not answer";
  }
}
