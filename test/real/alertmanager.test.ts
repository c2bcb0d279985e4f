/** The main job on real input: a pod in a real cluster, a real Alertmanager, `cortado serve` as a process, and a strict Slack. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { type RunningAlertmanager, startAlertmanager } from "./alertmanager.ts";
import { cortado, cortadoServe, type ServingCortado } from "./cortado-process.ts";
import { crashLoopAlert, lock, panic, pod, startCrashLoop } from "./crash-loop.ts";
import { shownLines } from "./shown-message.ts";
import { kubeconfigPath } from "./tools.ts";

const configuration = fileURLToPath(new URL("cortado.yaml", import.meta.url));
const myActions = fileURLToPath(new URL("../../docs/examples/my-actions", import.meta.url));
/** Its SHA-256 is in the configuration. */
const token = "a-token-of-the-tests";
const patience = { timeout: 60_000, interval: 200 };

const resources = new AsyncDisposableStack();

let slack: FakeSlack;
let server: ServingCortado;
let alertmanager: RunningAlertmanager;
let firing: ReturnType<typeof crashLoopAlert> & { readonly startsAt: string };

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-real-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const kubeConfig = loadKubeConfig({ from: "file", path: kubeconfigPath() });
  const cluster = resources.adopt(createCluster({ name: "real", kubeConfig }), (it) => it.close());
  const loop = resources.adopt(await startCrashLoop(cluster), (it) => it.close());
  slack = resources.adopt(await startFakeSlack(), (it) => it.close());
  const options = ["--config", configuration, "--kubeconfig", kubeconfigPath(), "--data", path.join(folder, "data")];
  const environment = { MY_ACTIONS: myActions, SLACK_TOKEN: slack.token, CORTADO_SLACK_API_URL: slack.url };
  server = resources.adopt(await cortadoServe(options, environment), async (it) => void (await it.stop()));
  const toCortado = { folder, cortadoUrl: server.url, token };
  alertmanager = resources.adopt(await startAlertmanager(toCortado), (it) => it.close());
  firing = { ...crashLoopAlert(loop.namespace), startsAt: new Date().toISOString() };
});

afterAll(() => resources.disposeAsync());

const metric = async (line: RegExp) => {
  const text = await (await fetch(`${server.adminUrl}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? 0);
};

it("is configured without a problem, as `cortado check` finds", async () => {
  expect(await cortado(["check", configuration], { MY_ACTIONS: myActions })).toEqual({
    code: 0,
    output: expect.stringMatching(/^\S+:\d+ {2}note: .*`signing_secret`: slack\.\nOK\n$/),
  });
});

it("is ready, and takes nothing without the token", async () => {
  const ready = await fetch(`${server.adminUrl}/readyz`);
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 200, body: { status: "ready" } });
  const webhook = { method: "POST", headers: { "content-type": "application/json" }, body: '{"alerts":[]}' };
  expect((await fetch(`${server.url}/webhooks/alertmanager`, webhook)).status).toBe(401);
});

it("posts one message with the pod's previous log, its events and the command's output", async () => {
  await alertmanager.post({ ...firing, endsAt: inFourMinutes() });
  // The files are shared last.
  await vi.waitFor(() => expect(slack.files().map(({ shared }) => shared)).toEqual([expect.anything()]), patience);
  const [message, ...others] = slack.messages;
  if (message === undefined) throw new Error("there is no message");
  print("The message at Slack, with the log as a file in its thread:", shownLines(message));
  expect(others).toEqual([]);
  expect(textOf(message)).toContain("Pod is crash looping.");
  expect(textOf(message)).toContain(`pod ${firing.labels.namespace}/${pod}`);
  expect(textOf(message)).toContain("Previous logs of container api");
  expect(textOf(message)).toContain("Back-off restarting failed container");
  expect(textOf(message)).toContain(lock);
  const [log, ...otherFiles] = slack.files(message.ts);
  expect(otherFiles).toEqual([]);
  expect(log?.name).toBe(`${pod}.log`);
  expect(log?.bytes?.toString()).toBe(`opening the order store\n${panic}\n`);
});

it("recognises the alert when Alertmanager repeats it", async () => {
  const recognised = /^cortado_deliveries_total\{kind="alert",outcome="recognised"\} (\d+)$/m;
  await vi.waitFor(async () => expect(await metric(recognised)).toBeGreaterThan(0), patience);
  expect(slack.messages.map(({ edits }) => edits)).toEqual([0]);
});

it("edits the message when the alert resolves", async () => {
  await alertmanager.post({ ...firing, endsAt: new Date().toISOString() });
  await vi.waitFor(() => expect(slack.messages[0]?.edits).toBe(1), patience);
  const [message, ...others] = slack.messages;
  if (message === undefined) throw new Error("there is no message");
  print("Its first lines, now that the alert has resolved:", shownLines(message).slice(0, 3));
  expect(others).toEqual([]);
  expect(textOf(message)).toContain("Resolved: Pod is crash looping.");
  expect(textOf(message)).toContain(lock);
});

it("was refused nothing, failed nowhere and tells no secret", async () => {
  expect(slack.refusals).toEqual([]);
  expect(await metric(/^cortado_steps_total\{action="pod_bash_enricher",state="done"\} (\d+)$/m)).toBe(1);
  expect(await metric(/^cortado_dead_letters_total\{[^}]*\} (\d+)$/m)).toBe(0);
  expect(server.output()).not.toMatch(/"level":"(?:warn|error)"/);
  expect(server.output()).not.toContain(slack.token);
  expect(server.output()).not.toContain(token);
});

it("ends when it is asked to", async () => {
  expect(await server.stop()).toBe(0);
});

const print = (title: string, lines: readonly string[]) =>
  console.log([title, "", ...lines.map((line) => `    ${line}`)].join("\n"));

/** As far ahead as Prometheus says that an alert fires, until it says so again. */
const inFourMinutes = () => new Date(Date.now() + 240_000).toISOString();
