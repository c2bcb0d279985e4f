/**
 * The whole pipeline in one thread and without a queue: a real table, a Slack on a socket, an embedded cluster, and a clock that stands
 * still until a test moves it. What it takes days to see is seen at once.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ulid } from "ulid";
import type { AlertDelivery, Delivery, IncomingDelivery, InvocationDelivery } from "../../src/delivery.ts";
import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from "../../src/dev/embedded-cluster.ts";
import { UnavailableError } from "../../src/errors.ts";
import { type Accepted, accept, work } from "../../src/pipeline.ts";
import type { WorkServices } from "../../src/pipeline-services.ts";
import type { RunRecord } from "../../src/playbooks/run-record.ts";
import { createInlineQueue } from "../../src/queue/inline.ts";
import type { Queue } from "../../src/queue/queue.ts";
import { acceptServices, openWorker } from "../../src/services/services.ts";
import type { FindingJson } from "../../src/sinks/finding-json.ts";
import { systemClock } from "../../src/state/clock.ts";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { openState } from "../../src/state/open.ts";
import type { DeadLetter } from "../../src/state/state.ts";
import { createTable } from "../../src/state/table.ts";
import { type FakeSlack, startFakeSlack } from "./fake-slack.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";

export interface InlineCortadoOptions {
  /** Without its sinks: `slack`, and `file`, which playbooks have to name. There are no built-in playbooks. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** TypeScript files of a playbook repository, by name. */
  readonly actions: Readonly<Record<string, string>>;
  /** Of the embedded cluster; default none. */
  readonly objects?: EmbeddedClusterOptions["objects"];
}

/** An alert that began a minute ago, as one Alertmanager knows it. */
export interface TestAlert {
  firing(): AlertDelivery;
  /** Sends that it fires, and comes again as Alertmanager does until it is accepted. */
  fires(): Promise<Accepted>;
  resolves(): Promise<Accepted>;
  /** The same alert as another Alertmanager knows it, with a start that differs by so many milliseconds. */
  peer(startsLater: number): TestAlert;
}

export interface InlineCortado {
  readonly clock: ManualClock;
  readonly slack: FakeSlack;
  readonly cluster: EmbeddedCluster;
  alert(name: string, labels?: Readonly<Record<string, string>>): TestAlert;
  send(...deliveries: readonly IncomingDelivery[]): Promise<Accepted>;
  /** Somebody's wish to run an action now. */
  invocation(wish: Pick<InvocationDelivery, "action"> & Partial<InvocationDelivery>): InvocationDelivery;
  /** What the file sink was told. */
  filed(): Promise<readonly FindingJson[]>;
  /** The next record of a run is not written: the table is away. */
  failNextRecord(): void;
  /** Newest first. */
  runs(): Promise<readonly RunRecord[]>;
  deadLetters(): Promise<readonly DeadLetter<Delivery>[]>;
  /** How many requests the table has had. */
  requests(): number;
  close(): Promise<void>;
}

const tableName = "cortado-inline-test";
const mostTries = 1_000;

export async function startInlineCortado(options: InlineCortadoOptions): Promise<InlineCortado> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-inline-"));
  const told = path.join(folder, "told.jsonl");
  const [cluster, slack, database] = await Promise.all([
    startEmbeddedCluster({ objects: options.objects ?? [] }),
    startFakeSlack(),
    startEmbeddedDatabase(),
  ]);
  const { socketPath } = database;
  await createTableIfMissing({ tableName, socketPath });
  const clock = manualClock();
  const table = createTable({ tableName, socketPath, clock: { ...systemClock, now: clock.now } });
  const state = openState<RunRecord, Delivery>({ table, clock });
  const { close: closeWorker, ...worker } = await openWorker(
    {
      configuration: await writeConfiguration(folder, options, { token: slack.token, told }),
      dataDirectory: folder,
      kubeConfig: { from: "text", text: cluster.kubeconfig },
      table: { kind: "socket", socketPath },
      slackApiUrl: slack.url,
      logLevel: "silent",
      env: {},
    },
    () => undefined,
  );

  let isAway = false;
  const put: WorkServices["runs"]["put"] = async (run) => {
    if (isAway) {
      isAway = false;
      throw new UnavailableError("the table is away");
    }
    await state.runs.put(run);
  };
  const queue: Queue = createInlineQueue((delivery) => work(delivery, services));
  const services: WorkServices = { ...worker, ...state, runs: { ...state.runs, put }, queue, now: clock.now };
  const accepting = {
    ...acceptServices(worker.manifest, { ledgers: state.ledgers, queue, tracer: () => undefined }),
    now: clock.now,
  };
  const send = (...deliveries: readonly IncomingDelivery[]) => accept(deliveries, accepting);

  let alerts = 0;
  const newAlert = (key: string, labels: AlertDelivery["alert"]["labels"], startsAt: number): TestAlert => {
    const deliver = (status: "firing" | "resolved"): AlertDelivery => {
      const acceptedAt = clock.now();
      const endsAt = status === "resolved" ? { endsAt: acceptedAt } : {};
      return {
        kind: "alert",
        id: [status, startsAt, ...Object.values(endsAt)].join(":"),
        key: `alert#${key}`,
        cluster: worker.manifest.clusters.clusterName,
        acceptedAt,
        alert: { status, labels, annotations: {}, fingerprint: key, startsAt, ...endsAt },
      };
    };
    return {
      firing: () => deliver("firing"),
      fires: () => untilAccepted(() => send(deliver("firing"))),
      resolves: () => untilAccepted(() => send(deliver("resolved"))),
      peer: (startsLater) => newAlert(key, labels, startsAt + startsLater),
    };
  };

  return {
    clock,
    slack,
    cluster,
    alert(alertname, labels = {}) {
      alerts += 1;
      return newAlert(alerts.toString(16).padStart(16, "0"), { alertname, ...labels }, clock.now() - 60_000);
    },
    send,
    invocation(wish) {
      const acceptedAt = clock.now();
      const id = ulid(acceptedAt);
      const cluster = worker.manifest.clusters.clusterName;
      return {
        kind: "invocation",
        id,
        key: `invocation#${id}`,
        cluster,
        acceptedAt,
        params: {},
        caller: "test",
        ...wish,
      };
    },
    filed: async () =>
      (await readFile(told, "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    failNextRecord() {
      isAway = true;
    },
    runs: () => state.runs.list({ limit: 500 }),
    deadLetters: () => state.deadLetters.list({ limit: 100 }),
    requests: state.requests,
    async close() {
      closeWorker();
      table.close();
      await Promise.all([cluster.close(), slack.close(), database.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As Alertmanager does with a 503. */
async function untilAccepted(attempt: () => Promise<Accepted>): Promise<Accepted> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof UnavailableError) || tries === mostTries) throw error;
      await new Promise(setImmediate);
    }
  }
}

async function writeConfiguration(
  folder: string,
  { configuration, actions }: InlineCortadoOptions,
  { token, told }: { readonly token: string; readonly told: string },
): Promise<string> {
  const repository = path.join(folder, "actions");
  await mkdir(repository);
  for (const [name, source] of Object.entries(actions)) await writeFile(path.join(repository, name), source);
  const file = path.join(folder, "cortado.yaml");
  const whole = {
    priorityBuiltinPlaybooks: [],
    builtinPlaybooks: [],
    sinksConfig: [
      { slack_sink: { name: "slack", slack_channel: "alerts", api_key: token } },
      { file_sink: { name: "file", default: false, file_name: told } },
    ],
    playbookRepos: { own: { url: pathToFileURL(repository).href } },
    ...configuration,
  };
  await writeFile(file, JSON.stringify(whole));
  return file;
}
