/**
 * The composition root: settings and configuration become services. This folder is the only one that knows every implementation; the heavy
 * ones are loaded when they are first needed.
 */

import { describeError } from "../errors.ts";
import { openClusters } from "../kubernetes/clusters.ts";
import { createLogger } from "../log.ts";
import { work } from "../pipeline.ts";
import type { AcceptServices, DeliveryState, WorkServices } from "../pipeline-services.ts";
import { makeInvocation } from "../playbooks/invocation.ts";
import { type Manifest, type Sources, watchesOf } from "../playbooks/manifest.ts";
import { openPrometheus } from "../prometheus/open.ts";
import type { Queue } from "../queue/queue.ts";
import { serveWorkerThread, type ThreadHooks, type ThreadWork } from "../queue/worker-thread.ts";
import type { Settings } from "../settings.ts";
import { openSinks } from "../sinks/open-sinks.ts";
import { createScrubber } from "../tools/scrub.ts";
import type { Tracer } from "../trace.ts";
import { triggers } from "../triggers/triggers.ts";
import { clusterSources } from "./clusters.ts";
import { loadGenerationFrom, manifestOf } from "./generation.ts";
import { buttonsOf, sinkEntries } from "./sinks.ts";
import { openTable } from "./table.ts";

/** What answers senders: no playbook code, no cluster, no sink. */
export function acceptServices(
  manifest: Manifest,
  shared: Pick<AcceptServices, "ledgers" | "queue" | "tracer">,
): AcceptServices {
  return { ...shared, playbooks: watchesOf(manifest, triggers), now: Date.now };
}

/** Everything that works deliveries, but for the queue that takes what cannot be finished now. */
export interface Worker extends Omit<WorkServices, "queue"> {
  readonly queueStore: DeliveryState["queue"];
  readonly manifest: Manifest;
  close(): void;
}

/** Loads the configuration and its actions. Throws a ConfigurationError with every problem. */
export async function openWorker(
  settings: Settings,
  tracer: Tracer,
  onSources: (sources: Sources) => void = () => undefined,
): Promise<Worker> {
  const scrubber = createScrubber();
  const log = createLogger({ level: settings.logLevel, scrubber });
  const { queue: queueStore, ...state } = await openTable(settings);
  const generation = await loadGenerationFrom(settings, state.pushed, scrubber, onSources);
  // Those that load what another thread has compiled would say it again.
  if (settings.bundles === undefined) for (const { at, message } of generation.notices) log.warn(message, { at });
  const clusters = openClusters(clusterSources(settings, generation));
  // What an action throws or asks the cluster for may hold a secret, and both are told in traces and records.
  const scrub = scrubber.scrubData;
  return {
    ...state,
    runs: { ...state.runs, put: (run) => state.runs.put(scrub(run)) },
    queueStore,
    generation,
    manifest: manifestOf(generation),
    cluster: clusters.open,
    prometheus: openPrometheus({ warn: (text) => log.warn(text) }),
    sinks: openSinks(sinkEntries(generation, clusters), {
      stdout: process.stdout,
      slackApiUrl: settings.slackApiUrl,
      buttons: buttonsOf(generation),
    }),
    scrub,
    log,
    tracer: (event) => tracer(scrub(event)),
    traceFindings: settings.traceFindings ?? false,
    now: Date.now,
    close: clusters.close,
  };
}

export { serveWorkerThread };

/** What a worker thread does, over the hooks of its main thread. */
export async function openThreadWork(settings: Settings, { trace, wake, sources }: ThreadHooks): Promise<ThreadWork> {
  const { queueStore, close, manifest, ...worker } = await openWorker(settings, trace, sources);
  const queue: Queue = {
    async put(deliveries, options) {
      const visibleAt = options?.notBefore ?? Date.now();
      await queueStore.put(deliveries.map((delivery) => ({ ledger: delivery, body: delivery, visibleAt })));
      if (visibleAt <= Date.now()) wake();
    },
  };
  warmUp(worker, manifest.clusters.clusterName);
  return { manifest, work: (delivery) => work(delivery, { ...worker, queue }), check: checkInvocation(worker), close };
}

/** Finds every reason why an invocation cannot be run; none where it can. */
export function checkInvocation({ generation, scrub }: Pick<Worker, "generation" | "scrub">): ThreadWork["check"] {
  return (invocation) => {
    const made = makeInvocation(invocation, generation);
    return "problems" in made ? scrub(made.problems) : [];
  };
}

/** By then what loaded it is likely to stay. */
const warmUpMilliseconds = 1_000;

/** Loads the cluster's client ahead, so that the first alert does not wait for it. Asks the cluster nothing. */
function warmUp({ cluster, log }: Pick<Worker, "cluster" | "log">, name: string): void {
  const warn = (error: unknown) =>
    log.warn("the cluster cannot be asked; findings will say so", { cluster: name, reason: describeError(error) });
  setTimeout(() => void cluster(name).catch(warn), warmUpMilliseconds).unref();
}
