/**
 * The composition root: settings and configuration become services. The only file that knows every implementation; the heavy ones are
 * loaded when they are first needed.
 */
import path from "node:path";
import { slackAppsOf } from "./buttons/apps.ts";
import type { Delivery } from "./delivery.ts";
import { ConfigurationError, describeError, type Problem } from "./errors.ts";
import { type Clusters, openClusters } from "./kubernetes/clusters.ts";
import type { KubeConfigSource } from "./kubernetes/kubeconfig.ts";
import { secretReader } from "./kubernetes/secrets.ts";
import { createLogger } from "./log.ts";
import { work } from "./pipeline.ts";
import type { AcceptServices, DeliveryState, WorkServices } from "./pipeline-services.ts";
import { isAction } from "./playbooks/action.ts";
import { factsOf } from "./playbooks/action-facts.ts";
import { defaultSections } from "./playbooks/defaults.ts";
import type { Generation } from "./playbooks/generation.ts";
import { makeInvocation, neverByHand } from "./playbooks/invocation.ts";
import { type Manifest, type Sources, watchedPlaybooks, watchesOf } from "./playbooks/manifest.ts";
import { check } from "./playbooks/params.ts";
import { readConfiguration } from "./playbooks/read-configuration.ts";
import type { SecretReader } from "./playbooks/references.ts";
import type { RunRecord } from "./playbooks/run-record.ts";
import { openPrometheus } from "./prometheus/open.ts";
import { bundlesDirOf, openPushed } from "./push-services.ts";
import type { Queue } from "./queue/queue.ts";
import { serveWorkerThread, type ThreadHooks, type ThreadWork } from "./queue/worker-thread.ts";
import type { Settings, TableSettings } from "./settings.ts";
import { openSinks, routingSchema, type SinkEntry } from "./sinks/open-sinks.ts";
import type { Buttons } from "./sinks/sink.ts";
import { sinkTypes } from "./sinks/sink-types.ts";
import type { TableOptions } from "./state/table.ts";
import { createScrubber, type Scrubber } from "./tools/scrub.ts";
import type { Tracer } from "./trace.ts";
import { triggers } from "./triggers/triggers.ts";

/** The state table, as every thread and command of this program opens it. */
export async function openTable({ table, holder, leaseTimings, messageTimings }: Settings): Promise<DeliveryState> {
  const { openState } = await import("./state/open.ts");
  const { createTable } = await import("./state/table.ts");
  return openState<RunRecord, Delivery>({
    table: createTable(tableOptions(table)),
    ...(holder === undefined ? {} : { holder }),
    ...(leaseTimings === undefined ? {} : { timings: leaseTimings }),
    ...(messageTimings === undefined ? {} : { messageTimings }),
  });
}

/** The name of the table in an embedded database. */
const embeddedTableName = "cortado";

/** Settings whose table can be opened: the embedded database is started where there is to be one, and its table made. */
export async function prepareTable(settings: Settings): Promise<{ settings: Settings; close(): Promise<void> }> {
  if (settings.table.kind !== "embedded") return { settings, close: async () => undefined };
  const { startEmbeddedDatabase } = await import("./state/embedded.ts");
  const { createTableIfMissing } = await import("./state/create-table.ts");
  const { socketPath, close } = await startEmbeddedDatabase({ dir: settings.dataDirectory });
  await createTableIfMissing({ tableName: embeddedTableName, socketPath });
  return { settings: { ...settings, table: { kind: "socket", socketPath } }, close };
}

/** The settings with what the configuration's file holds now. Throws a ConfigurationError where it cannot be read. */
export async function withText(settings: Settings): Promise<Settings & { readonly text: string }> {
  const optional = settings.configurationIsOptional ?? false;
  return { ...settings, text: await readConfiguration(settings.configuration, { optional }) };
}

function tableOptions(table: TableSettings): TableOptions {
  switch (table.kind) {
    case "embedded":
      throw new Error("the embedded database has to be started before its table can be opened");
    case "socket":
      return { tableName: embeddedTableName, socketPath: table.socketPath };
    case "dynamodb": {
      const { kind: _, ...options } = table;
      return options;
    }
  }
}

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

/** Where repositories that are elsewhere are fetched into. */
export const fetchDirOf = ({ dataDirectory }: Settings): string => path.join(dataDirectory, "repositories");

async function loadGenerationFrom(
  settings: Settings,
  pushed: DeliveryState["pushed"],
  scrubber: Scrubber,
  onSources: (sources: Sources) => void,
): Promise<Generation> {
  const { loadGeneration } = await import("./playbooks/generation.ts");
  const text = settings.text ?? (await withText(settings)).text;
  const generation = await loadGeneration({
    file: settings.configuration,
    env: settings.env,
    scrubber,
    workDir: bundlesDirOf(settings),
    pushed: () => openPushed(settings, pushed),
    fetchDir: fetchDirOf(settings),
    onSources,
    text,
    ...(settings.assumeReferences ? { references: "assume" } : {}),
    ...(settings.bundles === undefined ? {} : { bundles: settings.bundles }),
    ...(await vocabulary()),
  });
  if (text !== "") return generation;
  return { ...generation, notices: [...generation.notices, nothingConfigured(settings, generation)] };
}

function nothingConfigured({ configuration }: Settings, { sinks }: Generation): Problem {
  const where = sinks.length > 0 ? `go to ${sinks.map(({ name }) => name).join(", ")}` : "are printed here";
  return {
    at: configuration,
    message: `There is no configuration: the built-in playbooks run, and findings ${where}.`,
  };
}

/** Every name that a configuration may use, and what stands where it says nothing. */
export async function vocabulary() {
  const builtin = await import("./actions/all.ts");
  return {
    triggers,
    builtinActions: Object.values(builtin).filter(isAction),
    sinkTypes,
    defaults: defaultSections,
  };
}

const defaultClusterName = "default";

function manifestOf({ hash, configuration, playbooks, actions, sinks, bundles }: Generation): Manifest {
  const { clusterName = defaultClusterName, clusterLabel, alertRelabel, tokens, signers } = configuration;
  const { globalConfig, lightActions } = configuration;
  return {
    generation: hash,
    playbooks: watchedPlaybooks(playbooks),
    tokens,
    signers,
    clusters: {
      clusterName,
      ...(clusterLabel === undefined ? {} : { clusterLabel }),
      known: [clusterName, ...configuration.clusters.map(({ name }) => name)],
    },
    relabel: alertRelabel,
    actions: actions.map((action) => factsOf(action, globalConfig)),
    lightActions,
    slackApps: slackAppsOf(sinks),
    bundles,
  };
}

/** What can be run by hand can be a button, where somebody answers it. */
function buttonsOf({ sinks, actions, configuration: { lightActions } }: Generation): Buttons {
  const apps = slackAppsOf(sinks);
  return {
    offer(sink, choice) {
      const action = actions.find(({ name }) => name === choice.action);
      if (action === undefined || neverByHand(action) !== undefined) return undefined;
      if (lightActions.length > 0 && !lightActions.includes(action.name)) return undefined;
      if (!apps.some((app) => app.sink === sink)) return undefined;
      return { destroys: action.effects === "destroy" };
    },
    now: Date.now,
  };
}

function clusterSources(settings: Settings, { configuration }: Generation): ReadonlyMap<string, KubeConfigSource> {
  return new Map<string, KubeConfigSource>([
    [configuration.clusterName ?? defaultClusterName, settings.kubeConfig],
    ...configuration.clusters.map((cluster): [string, KubeConfigSource] => [cluster.name, kubeConfigOf(cluster)]),
  ]);
}

function kubeConfigOf({ kubeconfig, context }: Generation["configuration"]["clusters"][number]): KubeConfigSource {
  const within = context == null ? {} : { context };
  return kubeconfig == null ? { from: "default", ...within } : { from: "file", path: kubeconfig, ...within };
}

/** Where no sink is configured, findings are printed, so that nothing is ever told to nobody. */
const fallbackSink = { type: "console_sink", name: "console", params: { name: "console" } };

function sinkEntries({ sinks, configuration }: Generation, clusters: Clusters): readonly SinkEntry[] {
  if (sinks.length === 0) return [fallbackSink];
  const readSecret: SecretReader = async (...of) => {
    const cluster = await clusters.open(configuration.clusterName ?? defaultClusterName);
    return await secretReader(cluster)(...of);
  };
  return sinks.map(({ resolveParams, written, at, ...sink }) => {
    if (resolveParams === undefined) return sink;
    const routing = check(routingSchema, written, sink.type);
    if (routing.ok)
      return { ...sink, later: { routing: routing.value, resolveParams: () => resolveParams(readSecret) } };
    throw new ConfigurationError(routing.refusals.map(({ message }) => ({ at, message })));
  });
}
