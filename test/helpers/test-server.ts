/**
 * The whole server for a test: its HTTP side, its worker threads, an embedded database in a folder of its own, an embedded cluster, and a
 * Slack on a socket that refuses what Slack refuses.
 */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { vi } from "vitest";
import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from "../../src/dev/embedded-cluster.ts";
import { createLogger } from "../../src/log.ts";
import type { RunRecord } from "../../src/playbooks/run-record.ts";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server/server.ts";
import { openTable } from "../../src/services/table.ts";
import type { Settings } from "../../src/settings.ts";
import { createScrubber } from "../../src/tools/scrub.ts";
import type { TraceEvent } from "../../src/trace.ts";
import { workerEntry } from "./built.ts";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "./fake-slack.ts";
import type { WebhookBody } from "./webhooks.ts";

export interface TestServerOptions {
  /** Beside the Slack sink and the repository of `actions`, which are there where the configuration has none; without built-in playbooks. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** TypeScript files of a playbook repository, by name. */
  readonly actions?: Readonly<Record<string, string>>;
  readonly objects?: EmbeddedClusterOptions["objects"];
  readonly slack?: FakeSlackOptions;
  readonly settings?: Partial<Settings>;
  readonly server?: Partial<Pick<ServerOptions, "host" | "threads" | "maximumSilence">>;
}

export interface TestServer extends Pick<RunningServer, "url" | "adminUrl" | "reload"> {
  readonly cluster: EmbeddedCluster;
  readonly slack: FakeSlack;
  /** Of the deliveries, in order. */
  readonly trace: readonly TraceEvent[];
  /** Everything that was logged by the thread that answers. */
  readonly logged: () => string;
  readonly folder: string;
  readonly settings: Settings;
  post(body: WebhookBody | string | Uint8Array<ArrayBuffer>, options?: PostOptions): Promise<Answer>;
  /** Writes another configuration in the place of the one that the server was started with, and does no more. */
  configure(configuration: TestServerOptions["configuration"]): Promise<void>;
  /** Posts the body and resolves with the answer when everything that it queued has been worked. */
  deliver(body: WebhookBody, options?: PostOptions): Promise<Answer>;
  /** Resolves when nothing waits and nothing is in work. */
  idle(): Promise<void>;
  metrics(): Promise<string>;
  /** The latest, newest first; 100 where no limit is given. */
  runs(limit?: number): Promise<RunRecord[]>;
  deadLetters(): Promise<readonly { readonly reasons: readonly string[] }[]>;
  closeServer(): Promise<void>;
  close(): Promise<void>;
}

export interface PostOptions {
  /** Default `/webhooks/alertmanager`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-server-"));
  const cluster = await startEmbeddedCluster(options.objects === undefined ? {} : { objects: options.objects });
  const slack = await startFakeSlack(options.slack);
  const settings: Settings = {
    configuration: await writeConfiguration(folder, options),
    dataDirectory: path.join(folder, "data"),
    kubeConfig: { from: "text", text: cluster.kubeconfig },
    table: { kind: "embedded" },
    slackApiUrl: slack.url,
    logLevel: "silent",
    env: { SLACK_TOKEN: slack.token, SIGNING_SECRET: slack.signingSecret },
    ...options.settings,
  };
  const trace: TraceEvent[] = [];
  const lines: string[] = [];
  const log = createLogger({
    level: "debug",
    scrubber: createScrubber(),
    stream: { write: (line) => lines.push(line) },
  });
  const closeRest = async () => {
    await Promise.all([slack.close(), cluster.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  let server: RunningServer;
  try {
    server = await startServer({
      settings,
      workerEntry,
      port: 0,
      adminPort: 0,
      threads: 1,
      ...options.server,
      log,
      onTrace: (event) => trace.push(event),
    });
  } catch (error) {
    await closeRest();
    throw error;
  }
  const state = await openTable({
    ...settings,
    table:
      settings.table.kind === "embedded"
        ? { kind: "socket", socketPath: path.join(settings.dataDirectory, "db.sock") }
        : settings.table,
  });
  const metrics = async () => (await fetch(`${server.adminUrl}/metrics`)).text();
  const post: TestServer["post"] = async (body, { path: at = "/webhooks/alertmanager", headers = {} } = {}) => {
    const response = await fetch(`${server.url}${at}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
  };
  const idle = async () => {
    await vi.waitFor(
      async () => {
        const text = await metrics();
        const busy = ["pending", "in_work"].filter((name) => !text.includes(`\ncortado_queue_${name} 0\n`));
        if (busy.length > 0) throw new Error(`the queue is not idle: ${busy.join(", ")}`);
      },
      { timeout: 110_000, interval: 20 },
    );
  };
  let closing: Promise<void> | undefined;
  const closeServer = () => {
    closing ??= server.close();
    return closing;
  };
  return {
    ...server,
    cluster,
    slack,
    trace,
    logged: () => lines.join(""),
    folder,
    settings,
    post,
    async configure(configuration) {
      await writeConfiguration(folder, { ...options, configuration });
    },
    idle,
    metrics,
    async deliver(body, postOptions) {
      const answer = await post(body, postOptions);
      await idle();
      return answer;
    },
    runs: (limit = 100) => state.runs.list({ limit }),
    deadLetters: () => state.deadLetters.list({ limit: 100 }),
    closeServer,
    async close() {
      await closeServer();
      await closeRest();
    },
  };
}

/** For tests of a configuration's own playbooks alone. */
export const noBuiltinPlaybooks = { priorityBuiltinPlaybooks: [], builtinPlaybooks: [] };

/** Writes cortado.yaml (JSON is YAML) at once, as editors and mounts do, and the playbook repository beside it. */
async function writeConfiguration(
  folder: string,
  { configuration, actions }: Pick<TestServerOptions, "configuration" | "actions">,
): Promise<string> {
  const repository = path.join(folder, "actions");
  await mkdir(repository, { recursive: true });
  for (const [name, source] of Object.entries(actions ?? {})) await writeFile(path.join(repository, name), source);
  const file = path.join(folder, "cortado.yaml");
  const slackSink = { name: "slack", slack_channel: "alerts", api_key: "{{ env.SLACK_TOKEN }}" };
  const whole = {
    ...noBuiltinPlaybooks,
    sinksConfig: [{ slack_sink: slackSink }],
    ...(actions === undefined ? {} : { playbookRepos: { own: { url: pathToFileURL(repository).href } } }),
    ...configuration,
  };
  await writeFile(`${file}.new`, JSON.stringify(whole, undefined, 1));
  await rename(`${file}.new`, file);
  return file;
}

/** One of Alertmanager's recorded bodies: `0.28/wh-default-0001`. */
export async function recorded(name: string): Promise<WebhookBody> {
  const file = new URL(`../fixtures/alertmanager/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(file, "utf8"));
}
