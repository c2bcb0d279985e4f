/** Actions, clusters and threads that fail: what people are told, and that nothing else suffers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type AnsweringServer, startAnsweringServer } from "../helpers/answering-server.ts";
import { textOf } from "../helpers/fake-slack.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";
import { takeOverAtOnce } from "../helpers/timings.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const secret = "the-password-of-the-shop";

const actions = {
  "trouble.ts": `import { action, ExecutionBaseEvent, markdown, PodEvent } from "cortado";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

const url = z.strictObject({ url: z.string() });
const on = ExecutionBaseEvent;

export const throws = action({
  name: "throws",
  on,
  params: z.strictObject({ password: z.string() }),
  run(_event, { password }) {
    throw new Error("cannot log in with " + password);
  },
});

export const hangs = action({ name: "hangs", on, timeout: 1, run: () => new Promise<void>(() => undefined) });

export const returnsLate = action({
  name: "returns_late",
  on: PodEvent,
  params: url,
  timeout: 1,
  async run(event, { url }, { rateLimiter, signal }) {
    await sleep(6_500);
    const uses = {
      event: async () => event.addEnrichment([markdown("too late")]),
      pod: () => event.getPod(),
      cluster: () => event.cluster.list("Pod"),
      limiter: () => rateLimiter.markAndTest("late", "late", 60),
    };
    const said: string[] = [String(signal.aborted)];
    for (const [name, use] of Object.entries(uses)) {
      said.push(await use().then(() => name + " answered", (error: Error) => name + " refused: " + error.name));
    }
    await fetch(url + "/late", { method: "POST", body: said.join("\\n") });
  },
});

export const goesOn = action({
  name: "goes_on",
  on,
  run(event) {
    void sleep(200).then(() => event.addEnrichment([markdown("after the end")]));
    event.addEnrichment([markdown("within its time")]);
  },
});

export const exits = action({ name: "exits", on, run: () => process.exit(3) });

export const exitsOnce = action({
  name: "exits_once",
  on,
  params: url,
  async run(event, { url }) {
    const { count } = await (await fetch(url + "/exits-once", { method: "POST" })).json() as { count: number };
    if (count === 1) process.exit(3);
    event.addEnrichment([markdown("the second time")]);
  },
});

export const throwsLaterOnce = action({
  name: "throws_later_once",
  on,
  params: url,
  async run(event, { url }) {
    const { count } = await (await fetch(url + "/throws-later-once", { method: "POST" })).json() as { count: number };
    if (count === 1) {
      setTimeout(() => { throw new Error("out of a timer"); }, 10);
      await sleep(10_000);
    }
    event.addEnrichment([markdown("the second time")]);
  },
});

export const slow = action({
  name: "slow",
  on,
  effects: "read",
  async run(event) {
    await sleep(1_500);
    event.addEnrichment([markdown("was slow")]);
  },
});

export const good = action({ name: "good", on, effects: "read", run: (event) => event.addEnrichment([markdown("good")]) });
`,
};

const when = (alert_name: string, ...actionsOf: object[]) => ({
  name: alert_name,
  triggers: [{ on_prometheus_alert: { alert_name } }],
  actions: actionsOf,
});

let target: AnsweringServer;
let silent: AnsweringServer;
let folder: string;
let server: TestServer;
beforeAll(async () => {
  target = await startAnsweringServer(({ url }) => ({
    json: { count: target.asked.filter((asked) => asked.url === url).length },
  }));
  silent = await startAnsweringServer(() => "silence");
  const closed = await startAnsweringServer(() => "cut");
  await closed.close();
  folder = await mkdtemp(path.join(tmpdir(), "cortado-trouble-"));
  const cluster = async (name: string, server: string) => {
    const kubeconfig = path.join(folder, name);
    await writeFile(kubeconfig, kubeconfigText({ server }));
    return { name, kubeconfig };
  };
  const { url } = target;
  server = await startTestServer({
    actions,
    settings: {
      env: { SLACK_TOKEN: "xoxb-fake-token-of-a-test", PASSWORD: secret },
      messageTimings: takeOverAtOnce.messageTimings,
    },
    server: { threads: 2 },
    configuration: {
      clusters: [await cluster("down", closed.url), await cluster("silent", silent.url)],
      customPlaybooks: [
        when("Throws", { throws: { password: "{{ env.PASSWORD }}" } }, { good: {} }),
        when("Hangs", { hangs: {} }, { good: {} }),
        when("ReturnsLate", { returns_late: { url } }, { good: {} }),
        when("GoesOn", { goes_on: {} }),
        when("Exits", { exits: {} }),
        when("ExitsOnce", { good: {} }, { exits_once: { url } }),
        when("ThrowsLaterOnce", { throws_later_once: { url } }),
        when("Slow", { slow: {} }),
        when("ClusterDown", { logs_enricher: {} }, { good: {} }),
      ],
    },
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([target.close(), silent.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** How long a slow machine is waited for. */
const patience = { timeout: 110_000, interval: 50 };
const pod = { namespace: "shop", pod: "web-5c8d7f9b6d-4kqpz" };
const post = (alertname: string, more: object = {}, at = "/webhooks/alertmanager") =>
  server.post(webhook(firing({ alertname, ...more })), { path: at });
const messages = (title: string) =>
  server.slack.messages.map(textOf).filter((text) => text.includes(`"text":"${title}"`));
/** The one message of an alert, once it is there. */
async function message(title: string): Promise<string> {
  await vi.waitFor(() => expect(messages(title).length).toBeGreaterThan(0), patience);
  expect(messages(title)).toHaveLength(1);
  return messages(title)[0] ?? "";
}
const runOf = async (title: string) => {
  const name = `${title} firing`;
  const over = () =>
    server.trace.some(({ type, delivery }) => /^(?:ended|dead)$/.test(type) && delivery.title === name);
  await vi.waitFor(() => expect(over()).toBe(true), patience);
  await server.idle();
  return (await server.runs()).find(({ delivery }) => delivery.title === name);
};

describe("an action or a cluster that fails", { timeout: 120_000 }, () => {
  it.concurrent("an action that throws: the finding says so without the secret, and the next action runs", async () => {
    await post("Throws");
    const text = await message("Throws");
    expect(text).toContain("Action throws failed: cannot log in with [secret]");
    expect(text).toContain("good");
    expect((await runOf("Throws"))?.steps).toMatchObject([
      { state: "failed", reason: "cannot log in with [secret]" },
      { state: "done" },
    ]);
    expect(JSON.stringify([server.trace, await server.runs(), server.slack.messages])).not.toContain(secret);
  });

  it.concurrent("an action that hangs: it is abandoned, and the next one runs", async () => {
    await post("Hangs");
    const text = await message("Hangs");
    expect(text).toContain("Action hangs was abandoned: it did not return within 1 s");
    expect(text).toContain("good");
  });

  it.concurrent("an action that returns late: whatever it uses then is refused", async () => {
    await post("ReturnsLate", pod);
    const text = await message("ReturnsLate");
    expect(text).toContain("Action returns_late was abandoned");
    await vi.waitFor(() => expect(target.asked.some(({ url }) => url === "/late")).toBe(true), { timeout: 20_000 });
    expect(target.asked.find(({ url }) => url === "/late")?.body.split("\n")).toEqual([
      "true",
      "event refused: AbandonedError",
      "pod refused: AbandonedError",
      "cluster refused: ActionTimeoutError",
      "limiter refused: AbandonedError",
    ]);
    expect(messages("ReturnsLate").join()).not.toContain("too late");
  });

  it.concurrent("an action that goes on after its end: what it says then is not heard, and its thread lives", async () => {
    await post("GoesOn");
    expect(await message("GoesOn")).toContain("within its time");
    await post("GoesOn", { number: "2" });
    await vi.waitFor(() => expect(messages("GoesOn")).toHaveLength(2), { timeout: 20_000 });
    expect(messages("GoesOn").join()).not.toContain("after the end");
  });

  it.concurrent.each(["down", "silent"])(
    "a cluster that is %s: the finding goes out all the same, and says so",
    async (name) => {
      await post("ClusterDown", { ...pod, title: name }, `/webhooks/alertmanager/${name}`);
      const said = () => messages("ClusterDown").filter((text) => text.includes(`cluster ${name}`));
      await vi.waitFor(() => expect(said()).toHaveLength(1), patience);
      expect(said()[0]).toMatch(/[Tt]he cluster (?:down|silent) (?:cannot be reached|could not be|did not answer)/);
      expect(said()[0]).toContain("good");
    },
  );
});

describe("a thread that ends", { timeout: 120_000 }, () => {
  it.concurrent.each(["ExitsOnce", "ThrowsLaterOnce"])(
    "an action that ends its thread (%s): it is gone on with, and what ran beside it is worked too",
    async (title) => {
      await post("Slow", { beside: title });
      await post(title);
      expect(await message(title)).toContain("the second time");
      expect((await runOf(title))?.state).toBe("done");
      const beside = () => messages("Slow").filter((text) => text.includes("was slow"));
      await vi.waitFor(() => expect(beside().length).toBeGreaterThan(0), patience);
    },
  );

  it.concurrent("an action that ends its thread every time: a dead letter, after five attempts", async () => {
    await post("Exits");
    expect(await runOf("Exits")).toMatchObject({ state: "dead" });
    const reasons = (await server.deadLetters()).map((letter) => letter.reasons);
    expect(reasons).toEqual([["work on it was begun 5 times and never came to an end"]]);
    expect(await server.metrics()).toContain('cortado_dead_letters_total{kind="alert"} 1');
  });
});
