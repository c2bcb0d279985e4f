/**
 * The process is killed at every step of a delivery's way, started again on what it left, and must have lost and doubled nothing. The
 * database, the cluster, Slack and what an action changes live in the process of the test.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { openTable } from "../../src/services/table.ts";
import type { Settings } from "../../src/settings.ts";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { type AnsweringServer, startAnsweringServer } from "../helpers/answering-server.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { type ServerProcess, startServerProcess } from "../helpers/killable-server.ts";
import { startTableProxy, type TableProxy, type TableRequest } from "../helpers/table-proxy.ts";
import { takeOverAtOnce } from "../helpers/timings.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };
/** For the processes: what one has compiled the next need not. */
let env: Readonly<Record<string, string>> = credentials;
const podName = "web-5c8d7f9b6d-4kqpz";

const configuration = (actions: string, target: string) => ({
  playbookRepos: { own: { url: pathToFileURL(actions).href } },
  sinksConfig: [{ slack_sink: { name: "slack", slack_channel: "alerts", api_key: "{{ env.SLACK_TOKEN }}" } }],
  priorityBuiltinPlaybooks: [],
  builtinPlaybooks: [],
  customPlaybooks: [
    {
      triggers: [{ on_prometheus_alert: { alert_name: "Killed" } }],
      actions: [{ look: {} }, { poke: { url: target } }],
    },
    {
      triggers: [{ on_prometheus_alert: { alert_name: "KilledOnce" } }],
      actions: [{ look: {} }, { poke_once: { url: target } }],
    },
  ],
});

const actions = `import { action, file, markdown, PrometheusKubernetesAlert } from "cortado";
import * as z from "zod";

export const look = action({
  name: "look",
  on: PrometheusKubernetesAlert,
  effects: "read",
  async run(event) {
    const pod = await event.getPod();
    if (!pod) throw new Error("no pod");
    const { output } = await pod.exec("ps aux");
    event.addEnrichment([markdown("saw " + output), file("seen.txt", "seen by " + event.alert.labels.point)]);
  },
});

const definition = {
  on: PrometheusKubernetesAlert,
  params: z.strictObject({ url: z.string() }),
  async run(event: PrometheusKubernetesAlert, { url }: { url: string }) {
    await fetch(url + "/" + event.alert.labels.point, { method: "POST" });
    event.addEnrichment([markdown("poked it")]);
  },
};

export const poke = action({ ...definition, name: "poke", effects: "change" });
export const pokeOnce = action({ ...definition, name: "poke_once", effects: "change", retry: "never" });
`;

/** What surrounds the process that is killed. */
interface World {
  readonly slack: FakeSlack;
  readonly cluster: EmbeddedCluster;
  readonly target: AnsweringServer;
  readonly proxy: TableProxy;
  /** Set by a point: what the target does instead of answering. */
  onPoke: (() => void) | undefined;
}

/** A place where the process is killed. */
interface Point {
  readonly name: string;
  readonly alert?: "KilledOnce";
  /** Arranges for `kill` to be called. */
  readonly arm: (world: World, kill: () => void) => void | Promise<void>;
  /** How often what the action changes is done. Once but where nobody can know whether it was. */
  readonly pokes?: number;
  /** How often work on it has begun. */
  readonly attempts: number;
  /** The last states of the steps; default: both are done. */
  readonly steps?: readonly string[];
  /** What the message says, beside what it always says. */
  readonly says?: string;
}

const has =
  (operation: string, ...parts: readonly string[]) =>
  (request: TableRequest) =>
    request.operation === operation && parts.every((part) => request.text.includes(part));
const requests = {
  enqueue: has("BatchWriteItem", '"q#'),
  record: has("PutItem", '"r#'),
  posted: has("UpdateItem", '"m#', ":posted"),
  end: has("UpdateItem", ":expires"),
};

const atTable =
  (when: "before" | "after", request: (request: TableRequest) => boolean, nth = 1): Point["arm"] =>
  ({ proxy }, kill) => {
    let seen = 0;
    const isIt = (asked: TableRequest) => {
      if (request(asked)) seen += 1;
      return seen === nth;
    };
    proxy.stopAt({ request: isIt, when, stop: kill });
  };

/** Slack does it, or not, and says nothing. */
const atSlack =
  (method: string, applied: boolean): Point["arm"] =>
  async ({ slack }, kill) => {
    const called = () => slack.calls.filter((call) => call === method).length;
    const before = called();
    slack.fail(method, applied ? { hangs: true, applied: true } : { hangs: true });
    // Not awaited: the test goes on to post the alert.
    void vi.waitFor(() => expect(called()).toBe(before + 1), { timeout: 15_000, interval: 5 }).then(kill);
  };

const exec: Point["arm"] = ({ cluster }, kill) => {
  const script = { namespace: "shop", pod: podName, command: "ps aux", stdout: "PID 1" };
  const begun = () => cluster.requests.filter(({ path: asked }) => asked.includes("/exec")).length;
  const before = begun();
  cluster.scripts.exec({ ...script, hang: true });
  const isThere = () => expect(begun()).toBeGreaterThan(before);
  void vi.waitFor(isThere, { timeout: 15_000, interval: 2 }).then(() => {
    cluster.scripts.exec(script);
    kill();
  });
};
const poke: Point["arm"] = (world, kill) => {
  world.onPoke = kill;
};

/** Each list is the life of one state: what recovers from a point is killed at the next. */
const lives: readonly (readonly Point[])[] = [
  [
    { name: "before-the-queue-has-it", arm: atTable("before", requests.enqueue), attempts: 1 },
    { name: "at-exec", arm: exec, attempts: 2 },
  ],
  [
    { name: "after-the-queue-has-it", arm: atTable("after", requests.enqueue), attempts: 1 },
    { name: "at-the-change", arm: poke, attempts: 2, pokes: 2 },
    { name: "before-slack-has-it", arm: atSlack("chat.postMessage", false), attempts: 2 },
    { name: "before-the-end", arm: atTable("before", requests.end), attempts: 2 },
  ],
  [
    { name: "after-slack-has-it", arm: atSlack("chat.postMessage", true), attempts: 2 },
    { name: "after-the-end", arm: atTable("after", requests.end), attempts: 1 },
  ],
  [
    {
      name: "at-the-change-that-may-not-be-repeated",
      alert: "KilledOnce",
      arm: poke,
      attempts: 2,
      steps: ["done", "interrupted"],
      says: "Action poke_once was interrupted",
    },
    { name: "after-the-step-is-done", arm: atTable("after", requests.record, 2), attempts: 2 },
    { name: "before-posted-is-written", arm: atTable("before", requests.posted), attempts: 2 },
  ],
];

let folder: string;
let database: EmbeddedDatabase;
beforeAll(async () => {
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
  folder = await mkdtemp(path.join(tmpdir(), "cortado-kill-"));
  env = { ...credentials, NODE_COMPILE_CACHE: path.join(folder, "compiled") };
  database = await startEmbeddedDatabase();
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

describe.concurrent("killed, and started again on what it left", { timeout: 120_000 }, () => {
  for (const [index, points] of lives.entries()) {
    it(`loses and doubles nothing: ${points.map(({ name }) => name).join(", ")}`, async () => {
      await live(`life-${index}`, points, async (proxy) => {
        await createTableIfMissing({ tableName: `life-${index}`, socketPath: database.socketPath });
        return { kind: "dynamodb", tableName: `life-${index}`, region: "us-east-1", endpoint: proxy.endpoint };
      });
    });
  }

  it("loses and doubles nothing with the embedded database, which is killed with it", async () => {
    const points: readonly Point[] = [
      { name: "embedded-at-exec", arm: exec, attempts: 2 },
      { name: "embedded-after-slack-has-it", arm: atSlack("chat.postMessage", true), attempts: 2 },
    ];
    await live("embedded", points, async () => ({ kind: "embedded" }));
  });
});

/** The process after the one that was killed. */
async function live(
  name: string,
  points: readonly Point[],
  table: (proxy: TableProxy) => Promise<Settings["table"]>,
): Promise<void> {
  const { world, settings, file, close } = await createWorld(path.join(folder, name), table);
  let server = await startServerProcess(file, env);
  try {
    for (const point of points) server = await killAt(point, server, { world, settings, file });
    expect(world.slack.refusals).toEqual([]);
  } finally {
    await server.kill();
    await close();
  }
}

async function createWorld(home: string, table: (proxy: TableProxy) => Promise<Settings["table"]>) {
  const slack = await startFakeSlack();
  const cluster = await startEmbeddedCluster();
  const proxy = await startTableProxy(database.socketPath);
  const target = await startAnsweringServer(() => {
    const { onPoke } = world;
    world.onPoke = undefined;
    onPoke?.();
    return onPoke === undefined ? {} : "silence";
  });
  const world: World = { slack, cluster, proxy, target, onPoke: undefined };
  cluster.scripts.exec({ namespace: "shop", pod: podName, command: "ps aux", stdout: "PID 1" });
  await mkdir(path.join(home, "actions"), { recursive: true });
  await writeFile(path.join(home, "actions", "actions.ts"), actions);
  const settings: Settings = {
    configuration: path.join(home, "cortado.yaml"),
    dataDirectory: path.join(home, "data"),
    kubeConfig: { from: "text", text: cluster.kubeconfig },
    table: await table(proxy),
    slackApiUrl: slack.url,
    logLevel: "warn",
    env: { SLACK_TOKEN: slack.token },
    ...takeOverAtOnce,
  };
  const file = path.join(home, "settings.json");
  await writeFile(settings.configuration, JSON.stringify(configuration(path.join(home, "actions"), target.url)));
  await writeFile(file, JSON.stringify(settings));
  const close = async () => {
    await Promise.all([slack.close(), cluster.close(), proxy.close(), target.close()]);
  };
  return { world, settings, file, close };
}

interface Life {
  readonly world: World;
  readonly settings: Settings;
  readonly file: string;
}

/** Kills the server at the point, starts another, and returns that one when it has made everything good. */
async function killAt(point: Point, server: ServerProcess, { world, settings, file }: Life): Promise<ServerProcess> {
  const { slack, target } = world;
  const labels = { alertname: point.alert ?? "Killed", namespace: "shop", pod: podName, point: point.name };
  const title = `Killed at ${point.name}.`;
  const alert = firing(labels, { annotations: { summary: title } });
  const body = JSON.stringify(webhook(alert));
  const killed = Promise.withResolvers<void>();
  await point.arm(world, () => void server.kill().then(() => killed.resolve()));

  const taken = await post(server, body);
  await killed.promise;
  const next = await startServerProcess(file, env);
  // As Alertmanager does until it is answered 2xx.
  if (!taken) expect(await post(next, body)).toBe(true);

  const state = await openTable(opened(settings));
  const messages = () => slack.messages.filter((message) => textOf(message).includes(title));
  await vi.waitFor(
    async () => {
      expect(messages()).toHaveLength(1);
      expect(await state.queue.count()).toBe(0);
    },
    { timeout: 60_000, interval: 100 },
  );

  const [message] = messages();
  const shown = message === undefined ? "" : textOf(message);
  const [run] = await state.runs.list({ limit: 1 });
  const pokes = target.asked.filter(({ url }) => url === `/${point.name}`).length;
  const done = point.steps ?? ["done", "done"];
  expect({
    point: point.name,
    messages: messages().length,
    pokes,
    attempt: run?.attempt,
    state: run?.state,
    steps: run?.steps.map(({ state: end, reason }) => (end === "failed" ? reason : end)),
    sinks: run?.sinks?.map(({ outcome }) => outcome),
    shows: shown.includes("saw PID 1") && (done.includes("interrupted") || shown.includes("poked it")),
    repeated: /possibly repeated/i.test(shown),
    deadLetters: await state.deadLetters.list({ limit: 1 }),
  }).toEqual({
    point: point.name,
    messages: 1,
    pokes: point.pokes ?? 1,
    attempt: point.attempts,
    state: done.includes("interrupted") ? "interrupted" : "done",
    steps: done,
    sinks: [expect.stringMatching(/posted|skipped/)],
    shows: true,
    repeated: point.says === "possibly repeated",
    deadLetters: [],
  });
  if (point.says !== undefined) expect(shown.toLowerCase()).toContain(point.says.toLowerCase());
  return next;
}

const opened = ({ table, ...settings }: Settings): Settings => ({
  ...settings,
  table:
    table.kind === "embedded" ? { kind: "socket", socketPath: path.join(settings.dataDirectory, "db.sock") } : table,
});

/** Whether it was taken over. A sender that gets no answer does not know. */
async function post(server: ServerProcess, body: string): Promise<boolean> {
  try {
    return (await fetch(`${server.url}/webhooks/alertmanager`, { method: "POST", body })).ok;
  } catch {
    return false;
  }
}
