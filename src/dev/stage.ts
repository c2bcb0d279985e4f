/**
 * A stage on which recorded webhooks are played: the pipeline without a queue, a state table and an embedded cluster of its own, and
 * sinks that are shown what they would be told. Nothing is left of it once it is closed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { clusterFor } from "../auth/authenticate.ts";
import type { IncomingDelivery } from "../delivery.ts";
import { BadRequestError, isCortadoError } from "../errors.ts";
import { createCluster } from "../kubernetes/client.ts";
import { loadKubeConfig } from "../kubernetes/kubeconfig.ts";
import { accept, work } from "../pipeline.ts";
import type { WorkServices } from "../pipeline-services.ts";
import type { Sources } from "../playbooks/manifest.ts";
import { createInlineQueue } from "../queue/inline.ts";
import { alertmanager } from "../receivers/alertmanager.ts";
import { kubewatch } from "../receivers/kubewatch.ts";
import type { Quarantined, Receiver } from "../receivers/receiver.ts";
import { acceptServices, openWorker } from "../services/services.ts";
import { prepareTable } from "../services/table.ts";
import type { Settings } from "../settings.ts";
import type { Tracer } from "../trace.ts";
import { startEmbeddedCluster } from "./embedded-cluster.ts";
import { shownResult, shownSinks } from "./shown-sinks.ts";

/** What a stage stands on, whatever is played there. */
export interface World {
  readonly kubeconfig: string;
  readonly table: Settings["table"];
  close(): Promise<void>;
}

/** An empty table in a folder of its own, and a cluster of the objects in YAML and JSON files and folders; default: a small shop. */
export async function openWorld(
  objects: readonly string[] | undefined,
  settings: Settings,
  within = tmpdir(),
): Promise<World> {
  const folder = await mkdtemp(path.join(within, "cortado-stage-"));
  const removed = () => rm(folder, { recursive: true, force: true });
  try {
    const cluster = await startEmbeddedCluster(objects === undefined ? {} : { objects });
    const prepared = await prepareTable({ ...settings, dataDirectory: folder, table: { kind: "embedded" } });
    const { table } = prepared.settings;
    const close = async () => {
      await Promise.all([cluster.close(), prepared.close()]);
      await removed();
    };
    return { kubeconfig: cluster.kubeconfig, table, close };
  } catch (error) {
    await removed();
    throw error;
  }
}

export interface StageOptions {
  readonly settings: Settings;
  readonly world: World;
  /** Whether sinks are told; else they are shown what they would be. */
  readonly send: boolean;
  readonly onTrace: Tracer;
  readonly onSources?: (sources: Sources) => void;
}

export interface Stage {
  readonly generation: string;
  /**
   * Plays a webhook, one delivery after the other. Throws a BadRequestError for what is none, and for one of which nothing can be read.
   */
  play(webhook: unknown): Promise<Played>;
  close(): void;
}

export interface Played {
  readonly deliveries: number;
  /** Items that could not be read. */
  readonly quarantined: readonly Quarantined[];
}

/** Loads the configuration and its actions. Throws a ConfigurationError with every problem; secrets may be missing unless sinks are told. */
export async function openStage({ settings, world, send, onTrace, onSources }: StageOptions): Promise<Stage> {
  const tracer: Tracer = (event) =>
    onTrace(event.type === "notified" && !send ? { ...event, result: shownResult(event.result) } : event);
  const { manifest, queueStore, close, ...worker } = await openWorker(
    {
      ...settings,
      table: world.table,
      kubeConfig: { from: "text", text: world.kubeconfig },
      traceFindings: true,
      assumeReferences: !send,
      pushed: [],
    },
    tracer,
    onSources,
  );
  const queue = createInlineQueue((delivery) => work(delivery, services));
  const kubeConfig = loadKubeConfig({ from: "text", text: world.kubeconfig });
  const cluster = createCluster({ name: manifest.clusters.clusterName, kubeConfig });
  const services: WorkServices = {
    ...worker,
    queue,
    // Whatever cluster a webhook names is this one.
    cluster: async () => cluster,
    sinks: send ? worker.sinks : shownSinks(worker.generation.sinks),
  };
  const accepting = acceptServices(manifest, { ledgers: worker.ledgers, queue, tracer: worker.tracer });
  const clusterOf = clusterFor(manifest.clusters, { name: "play" }, undefined);
  return {
    generation: manifest.generation,
    async play(webhook) {
      const receiver = receiverOf(webhook);
      const context = { acceptedAt: Date.now(), clusterOf, relabel: manifest.relabel };
      const { deliveries, quarantined } = receiver.parse(webhook, context);
      if (deliveries.length === 0 && quarantined.length > 0) throw unreadable(quarantined);
      for (const delivery of deliveries) await playOne(delivery, (one) => accept([one], accepting));
      return { deliveries: deliveries.length, quarantined };
    },
    close() {
      cluster.close();
      close();
    },
  };
}

/** What has to wait for later ends here: the trace has said so. */
async function playOne(delivery: IncomingDelivery, send: (delivery: IncomingDelivery) => Promise<unknown>) {
  try {
    await send(delivery);
  } catch (error) {
    if (!isCortadoError(error) || error.name !== "UnavailableError") throw error;
  }
}

const unreadable = (quarantined: readonly Quarantined[]) =>
  new BadRequestError(
    `nothing of it can be read: ${quarantined.map(({ at, reason }) => `${at}: ${reason}`).join("; ")}`,
  );

/** Whose format a recorded webhook is in. Throws a BadRequestError for one in nobody's. */
function receiverOf(webhook: unknown): Receiver {
  if (typeof webhook === "object" && webhook !== null) {
    if ("alerts" in webhook) return alertmanager;
    if ("data" in webhook) return kubewatch;
  }
  throw new BadRequestError(
    'this is no recorded webhook: Alertmanager\'s has a list "alerts", a cloud event of kubewatch has "data" with the object',
  );
}
