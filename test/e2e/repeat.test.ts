/** Alerts that fire on, over days: the real pipeline without a queue, on a real table, with a clock that is moved. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textOf } from "../helpers/fake-slack.ts";
import { type InlineCortado, startInlineCortado } from "../helpers/inline-cortado.ts";

const triggers = (alert_name: string, repeat?: string) => [
  { on_prometheus_alert: { alert_name, ...(repeat === undefined ? {} : { repeat }) } },
];
const say = (text: string) => [{ say: { text } }];

const configuration = {
  customPlaybooks: [
    { name: "once", triggers: triggers("Once"), actions: say("once") },
    { name: "every 4h", triggers: triggers("Repeated", "4h"), actions: say("again") },
    { name: "hourly", triggers: triggers("Several", "1h"), actions: say("hourly") },
    { name: "never", triggers: triggers("Several"), actions: say("never") },
    { name: "3-hourly", triggers: triggers("Several", "3h"), actions: say("3-hourly") },
    { name: "stops", triggers: triggers("Stopped"), actions: say("stops"), stop: true },
    { name: "is kept", triggers: triggers("Stopped", "1h"), actions: say("is kept from it") },
    { name: "both sinks", triggers: triggers("Both", "1h"), actions: say("to both"), sinks: ["slack", "file"] },
    { name: "silent", triggers: triggers("Silent"), actions: [{ say_nothing: {} }] },
  ],
};

const actions = {
  "say.ts": `import { action, markdown, PrometheusKubernetesAlert } from "cortado";
import * as z from "zod";

export const say = action({
  name: "say",
  on: PrometheusKubernetesAlert,
  effects: "read",
  params: z.strictObject({ text: z.string() }),
  run: (event, { text }) => event.addEnrichment([markdown(\`\${text}, repeat \${event.repeat}\`)]),
});

export const sayNothing = action({ name: "say_nothing", on: PrometheusKubernetesAlert, effects: "read", run: () => {} });
`,
};

let cortado: InlineCortado;
beforeAll(async () => {
  cortado = await startInlineCortado({ configuration, actions });
});
afterAll(() => cortado.close());

const minutes = (count: number) => count * 60_000;
const hours = (count: number) => minutes(count * 60);
const messagesOf = (name: string) => cortado.slack.messages.filter((message) => message.text.includes(name));
/** What is in the thread of an alert's only message, oldest first. */
const repliesTo = (name: string) => {
  const [message, ...others] = messagesOf(name);
  expect(others).toEqual([]);
  return cortado.slack.replies(message?.ts ?? "");
};

describe("without a repeat", () => {
  it("an alert is told once, however long it fires", async () => {
    const alert = cortado.alert("Once");
    await alert.fires();
    for (const after of [minutes(5), hours(4), hours(24), hours(24 * 6)]) {
      cortado.clock.advance(after);
      await alert.fires();
    }
    expect(repliesTo("Once")).toEqual([]);
    expect((await cortado.runs()).filter(({ playbook }) => playbook === "once")).toHaveLength(1);
  });

  it("its duplicates are one request to the table for a hundred, and are never queued", async () => {
    const alerts = Array.from({ length: 100 }, (_, index) => cortado.alert("Silent", { index: String(index) }));
    await cortado.send(...alerts.map((alert) => alert.firing()));
    const before = cortado.requests();
    expect(await cortado.send(...alerts.map((alert) => alert.firing()))).toMatchObject({ queued: 0, recognised: 100 });
    expect(cortado.requests() - before).toBe(1);
  });
});

describe("with a repeat of 4h", () => {
  const begin = () => cortado.alert("Repeated");
  let alert: ReturnType<typeof begin>;

  it("an alert that fires on is told again when 4 hours have passed, as a reply that the channel sees", async () => {
    alert = begin();
    await alert.fires();
    cortado.clock.advance(hours(4) - 1);
    expect(await alert.fires()).toMatchObject({ queued: 1 });
    expect(repliesTo("Repeated")).toEqual([]);
    cortado.clock.advance(1);
    await alert.fires();
    const [reply, ...others] = repliesTo("Repeated");
    expect(others).toEqual([]);
    expect(reply?.broadcast).toBe(true);
    expect(reply && textOf(reply)).toContain("again, repeat 1");
    expect(messagesOf("Repeated").map(textOf)).toEqual([expect.stringContaining("again, repeat 0")]);
  });

  it("the time counts from its last begin", async () => {
    cortado.clock.advance(hours(3));
    await alert.fires();
    expect(repliesTo("Repeated")).toHaveLength(1);
    cortado.clock.advance(hours(3));
    await alert.fires();
    expect(repliesTo("Repeated").map(textOf)).toEqual([
      expect.stringContaining("repeat 1"),
      expect.stringContaining("repeat 2"),
    ]);
  });

  it("a pair of Alertmanagers that sends at once, with starts that differ, is told one repeat", async () => {
    cortado.clock.advance(hours(4));
    const peers = [alert, alert.peer(15_000), alert.peer(-20_000)];
    await Promise.all(peers.map((peer) => peer.fires()));
    for (const peer of peers) await peer.fires();
    expect(repliesTo("Repeated").map(textOf).slice(2)).toEqual([expect.stringContaining("repeat 3")]);
  });

  it("each repeat is a run of its own, with its record and what the sink did", async () => {
    const runs = (await cortado.runs()).filter(({ playbook }) => playbook.startsWith("every-4h"));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(4);
    expect(runs.map(({ state, sinks }) => [state, ...(sinks ?? [])])).toEqual(
      ["default~3", "default~2", "default~1", "default"].map((part) => [
        "done",
        { sink: "slack", part, outcome: "posted" },
      ]),
    );
  });

  it("a repeat that was interrupted is gone on with, and is told once", async () => {
    cortado.clock.advance(hours(4));
    cortado.failNextRecord();
    await alert.fires();
    await alert.fires();
    expect(repliesTo("Repeated").map(textOf).slice(3)).toEqual([expect.stringContaining("repeat 4")]);
    const [last] = (await cortado.runs()).filter(({ sinks }) => sinks?.some(({ part }) => part === "default~4"));
    expect(last).toMatchObject({ attempt: 2, sinks: [{ outcome: "skipped", reason: "posted already" }] });
    cortado.clock.advance(hours(4));
    await alert.fires();
    expect(repliesTo("Repeated").map(textOf).slice(4)).toEqual([expect.stringContaining("repeat 5")]);
  });

  it("the resolution edits the message and no reply, and nothing is repeated after it", async () => {
    const before = repliesTo("Repeated").map(textOf);
    await alert.resolves();
    const [message] = messagesOf("Repeated");
    expect(message?.edits).toBe(1);
    expect(message && textOf(message)).toContain("Resolved: Repeated");
    expect(repliesTo("Repeated").map((reply) => [reply.edits, textOf(reply)])).toEqual(before.map((text) => [0, text]));
    await alert.resolves();
    expect(repliesTo("Repeated")).toHaveLength(before.length);
  });

  it("an alert that fires anew is told anew, and its time counts from there", async () => {
    cortado.clock.advance(hours(1));
    const anew = begin();
    await anew.fires();
    expect(messagesOf("Repeated").map(textOf)).toEqual([
      expect.stringContaining("Resolved"),
      expect.stringContaining("again, repeat 0"),
    ]);
    cortado.clock.advance(hours(3));
    await anew.fires();
    expect(cortado.slack.replies(messagesOf("Repeated")[1]?.ts ?? "")).toEqual([]);
  });
});

describe("of several playbooks", () => {
  it("only those run again that are due, in their order", async () => {
    const alert = cortado.alert("Several");
    await alert.fires();
    const told: (readonly (string | undefined)[])[] = [];
    for (let hour = 1; hour <= 3; hour += 1) {
      cortado.clock.advance(hours(1));
      await alert.fires();
      const text = repliesTo("Several").map(textOf).at(-1) ?? "";
      told.push(["hourly", "never", "3-hourly"].filter((name) => text.includes(`"${name}, repeat ${hour}"`)));
    }
    expect(told).toEqual([["hourly"], ["hourly"], ["hourly", "3-hourly"]]);
  });

  it("one that another kept from running does not run later", async () => {
    const alert = cortado.alert("Stopped");
    await alert.fires();
    cortado.clock.advance(hours(5));
    await alert.fires();
    expect(repliesTo("Stopped")).toEqual([]);
  });
});

it("a sink that has no replies is told a repeat as a message of its own, and of the end once", async () => {
  const alert = cortado.alert("Both");
  await alert.fires();
  cortado.clock.advance(hours(1));
  await alert.fires();
  await alert.resolves();
  expect(repliesTo("Both")).toHaveLength(1);
  const filed = await cortado.filed();
  expect(filed.map(({ title, status, enrichments }) => [title, status, JSON.stringify(enrichments)])).toEqual([
    ["Both", "firing", expect.stringContaining("repeat 0")],
    ["Both", "firing", expect.stringContaining("repeat 1")],
    ["Both", "resolved", "[]"],
  ]);
});

it("was refused nothing by Slack, and gave nothing up", async () => {
  expect(cortado.slack.refusals).toEqual([]);
  expect(await cortado.deadLetters()).toEqual([]);
});
