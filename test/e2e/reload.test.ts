/** A server that takes over what it is made of while it runs: real sockets, real threads, real files. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import * as z from "zod";
import type { Settings } from "../../src/settings.ts";
import { startServerProcess } from "../helpers/killable-server.ts";
import { noBuiltinPlaybooks, startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

/** An action that says which version of it ran; for an alert with a `gate` it waits until there is that file. */
const which = (version: string) => `
import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { action, markdown, PrometheusKubernetesAlert } from "cortado";

const isThere = (file: string) => access(file).then(() => true, () => false);

export const which = action({
  name: "which",
  on: PrometheusKubernetesAlert,
  effects: "change",
  timeout: 60,
  async run(event) {
    const { gate } = event.alert.labels;
    while (gate !== undefined && !(await isThere(gate))) await sleep(10);
    event.addEnrichment([markdown("worked by ${version}")]);
  },
});
`;

const token = (secret: string) => ({ name: "sender", sha256: createHash("sha256").update(secret).digest("hex") });
const playbook = (alert_name: string) => ({
  triggers: [{ on_prometheus_alert: { alert_name } }],
  actions: [{ which: {} }],
});

let scratch: string;
let findings: string;
let server: TestServer;
let secret = "the-first-secret";

const configuration = (...alerts: readonly string[]) => ({
  auth: { tokens: [token(secret)] },
  sinksConfig: [{ file_sink: { name: "findings", file_name: findings } }],
  customPlaybooks: ["Loaded", ...alerts].map(playbook),
});

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "cortado-reload-"));
  findings = path.join(scratch, "findings.jsonl");
  server = await startTestServer({
    configuration: configuration("First"),
    actions: { "which.ts": which("v1") },
    server: { host: "0.0.0.0", maximumSilence: 3_000 },
  });
});
afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

const problem = z.object({ at: z.string(), message: z.string() });
const readiness = z.object({
  status: z.string(),
  generation: z.string(),
  refused: z.object({ at: z.string(), problems: z.array(problem) }).optional(),
});
const ready = async () => readiness.parse(await (await fetch(`${server.adminUrl}/readyz`)).json());

const within = { timeout: 20_000, interval: 10 };

/** Does something, and waits until another generation serves because of it. */
async function takenOver(change: () => Promise<void>): Promise<string> {
  const before = await ready();
  await change();
  await vi.waitFor(async () => expect((await ready()).generation).not.toBe(before.generation), within);
  return (await ready()).generation;
}

/** Does something, and waits until it was refused. Another generation does not serve. */
async function refused(change: () => Promise<void>): Promise<readonly z.output<typeof problem>[]> {
  const { generation } = await ready();
  await change();
  const now = await vi.waitFor(async () => {
    const { refused: told, ...rest } = await ready();
    if (told === undefined) throw new Error("nothing was refused");
    return { ...rest, ...told };
  }, within);
  expect(now).toMatchObject({ status: "ready", generation });
  return now.problems;
}

const write = (source: string) => writeFile(path.join(server.folder, "actions", "which.ts"), source);
const bearer = () => ({ headers: { authorization: `Bearer ${secret}` } });
const post = (labels: Readonly<Record<string, string>>) => server.post(webhook(firing(labels)), bearer());

/** What was found for an alert: one text for each finding. */
async function found(alert: string): Promise<string[]> {
  const text = await readFile(findings, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.includes(`"${alert}"`));
  return lines.map((line) => /worked by \w+/.exec(line)?.[0] ?? line);
}

async function runsOf(alert: string) {
  const runs = await server.runs(1_000);
  return runs.filter(({ delivery }) => delivery.title === `${alert} firing`);
}

describe("another configuration", () => {
  it("takes over when its file is written, and its playbooks run", async () => {
    const generation = await takenOver(() => server.configure(configuration("First", "Second")));
    await post({ alertname: "Second" });
    await server.idle();
    expect(await found("Second")).toEqual(["worked by v1"]);
    expect(await runsOf("Second")).toMatchObject([{ state: "done", generation }]);
    expect(server.logged()).toContain("a new generation serves");
    const metrics = await server.metrics();
    expect(metrics).toContain(`cortado_generation_info{generation="${generation}"} 1`);
    expect(metrics).toContain('cortado_reloads_total{result="replaced"} 1');
  });

  it("does not take over where it does not load; why is in the log, at /readyz and in a metric, until it is mended", async () => {
    const broken = { ...configuration("First"), customPlaybooks: [{ ...playbook("First"), actions: [{ whihc: {} }] }] };
    const problems = await refused(() => server.configure(broken));
    const why = { at: expect.stringMatching(/cortado\.yaml:\d+:\d+$/), message: "There is no action `whihc`." };
    expect(problems).toEqual([why]);
    expect(await server.reload("asked by a test")).toEqual({ ok: false, problems: [why] });
    await post({ alertname: "Second", of: "the one before" });
    await server.idle();
    expect(await found("Second")).toHaveLength(2);
    expect(server.logged()).toContain("what is configured now does not load");
    expect(await server.metrics()).toMatch(
      /\ncortado_refused_info\{at="[^"]+cortado\.yaml:\d+:\d+",reason="[^"]+"\} 1\n/,
    );
    await takenOver(() => server.configure(configuration("First", "Second", "Third")));
    expect((await ready()).refused).toBeUndefined();
    expect(await server.metrics()).not.toContain("cortado_refused_info{");
  });

  it("takes over with other tokens: the former ones are refused from then on", async () => {
    const former = bearer();
    secret = "the-second-secret";
    await takenOver(() => server.configure(configuration("First")));
    expect((await server.post(webhook(firing({ alertname: "First" })), former)).status).toBe(401);
    expect((await post({ alertname: "First" })).status).toBe(200);
    await server.idle();
  });

  it("does not take over where it would leave a server on the network open to anybody", async () => {
    const [why] = await refused(() => server.configure({ ...configuration("First"), auth: { tokens: [] } }));
    expect(why?.message).toContain("without a token in auth.tokens anybody who reaches 0.0.0.0 could start actions");
    expect((await server.post(webhook(firing({ alertname: "First" })))).status).toBe(401);
    await server.configure(configuration("First"));
    await vi.waitFor(async () => expect((await ready()).refused).toBeUndefined(), within);
  });
});

describe("another version of an action", () => {
  it("works what comes from then on, and the one before it finishes what it has begun", async () => {
    const gate = path.join(scratch, "gate");
    await post({ alertname: "First", gate });
    await vi.waitFor(
      async () => expect((await runsOf("First")).some(({ state }) => state === "running")).toBe(true),
      within,
    );
    const before = (await ready()).generation;
    const after = await takenOver(() => write(which("v2")));
    await post({ alertname: "First", of: "v2" });
    await vi.waitFor(async () => expect((await found("First")).at(-1)).toBe("worked by v2"), within);
    await writeFile(gate, "");
    await server.idle();
    expect((await found("First")).slice(-2)).toEqual(["worked by v2", "worked by v1"]);
    const [second, first] = await runsOf("First");
    expect([first, second]).toMatchObject([
      { state: "done", attempt: 1, generation: before },
      { state: "done", attempt: 1, generation: after },
    ]);
  });

  it("is refused with its file and line where it does not compile", async () => {
    const [why] = await refused(() => write(`${which("v3")}\nexport const = 1;`));
    expect(why?.at).toMatch(/actions\/which\.ts:\d+:\d+$/);
    await takenOver(() => write(which("v4")));
  });

  it("is refused where loading it never ends", async () => {
    // It passes where it is compiled, and blocks the thread that is to work with it.
    const blocks = 'import { isMainThread } from "node:worker_threads";\nwhile (!isMainThread) Math.random();';
    const [why] = await refused(() => write(`${blocks}\n${which("v5")}`));
    expect(why?.message).toContain("its event loop was blocked for 3 s");
    await post({ alertname: "First", of: "v4" });
    await server.idle();
    expect((await found("First")).at(-1)).toBe("worked by v4");
    await takenOver(() => write(which("v6")));
  });
});

it("swaps under load: every alert is worked once, by one generation or another", { timeout: 120_000 }, async () => {
  const swaps = 6;
  let posted = 0;
  let swapping = true;
  const load = async () => {
    while (swapping) {
      posted += 1;
      expect((await post({ alertname: "Loaded", number: `${posted}` })).status).toBe(200);
      await new Promise((resume) => setTimeout(resume, 60));
    }
  };
  const swap = async () => {
    try {
      for (let number = 1; number <= swaps; number += 1) {
        await write(which(`swap${number}`));
        expect(await server.reload("swap")).toMatchObject({ ok: true });
      }
    } finally {
      swapping = false;
    }
  };
  await Promise.all([load(), swap()]);
  await server.idle();
  const runs = await runsOf("Loaded");
  expect(runs.filter(({ state, attempt }) => state !== "done" || attempt !== 1)).toEqual([]);
  expect(runs).toHaveLength(posted);
  expect(new Set(runs.map(({ delivery }) => delivery.key)).size).toBe(posted);
  expect(await found("Loaded")).toHaveLength(posted);
  expect(new Set(runs.map(({ generation }) => generation)).size).toBeGreaterThan(2);
  expect(await server.deadLetters()).toEqual([]);
});

it("ends at once, with SIGTERM, while it reloads", async () => {
  const home = path.join(scratch, "home");
  const file = path.join(home, "settings.json");
  const actions = path.join(home, "actions");
  await mkdir(actions, { recursive: true });
  const settings: Settings = {
    configuration: path.join(home, "cortado.yaml"),
    dataDirectory: path.join(home, "data"),
    kubeConfig: { from: "default" },
    table: { kind: "embedded" },
    logLevel: "info",
    env: {},
  };
  await writeFile(file, JSON.stringify(settings));
  await writeFile(path.join(actions, "which.ts"), which("v1"));
  const playbookRepos = { own: { url: pathToFileURL(actions).href } };
  await writeFile(settings.configuration, JSON.stringify({ ...noBuiltinPlaybooks, playbookRepos }));
  const child = await startServerProcess(file);
  onTestFinished(async () => void (await child.kill()));
  await writeFile(path.join(actions, "which.ts"), "for (;;) Math.random();");
  await vi.waitFor(() => expect(child.written()).toContain("loading what is configured now"), within);
  expect(await child.kill("SIGTERM")).toEqual({ code: 0, signal: null });
  expect(child.written()).not.toContain("a new generation serves");
});
