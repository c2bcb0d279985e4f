/** `POST /webhooks/slack` alone: every press is answered, and who pressed hears why it was not done. */

import { Hono } from "hono";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Offer, sealOffer } from "../../src/buttons/sealed.ts";
import { addSlackButtons, type SlackRouteServices } from "../../src/buttons/slack-route.ts";
import type { InvocationDelivery } from "../../src/delivery.ts";
import { UnavailableError } from "../../src/errors.ts";
import type { RunRecord } from "../../src/playbooks/run-record.ts";
import { type LogEntry, recordingLog } from "../../src/testing/log.ts";
import { type FakeSlack, startFakeSlack } from "../helpers/fake-slack.ts";
import { interaction, respondPath, signed } from "../helpers/fake-slack-interactions.ts";

const now = 1_785_580_867_000;
const hour = 3_600_000;
const offer: Offer = {
  action: "cordon",
  params: {},
  target: { kind: "Node", name: "n1" },
  message: { cluster: "prod", key: "alert#0123456789abcdef", episode: "01A", sink: "slack", part: "default" },
  button: "cortado-1",
  expires: now + hour,
};
const cordon = {
  name: "cordon",
  description: "",
  effects: "change" as const,
  permissions: [],
  retry: "resume" as const,
  on: "NodeEvent",
  timeoutSeconds: 60,
  target: { required: true, kinds: ["Node" as const] },
  params: {},
};

let slack: FakeSlack;
let entries: LogEntry[] = [];
let accepted: InvocationDelivery[] = [];
beforeAll(async () => {
  slack = await startFakeSlack();
});
afterAll(() => slack.close());
beforeEach(() => {
  entries = [];
  accepted = [];
});

function appWith(changes: Partial<SlackRouteServices> = {}) {
  const claimed = new Map<string, string>();
  const records: RunRecord[] = [];
  const app = new Hono();
  addSlackButtons(app, {
    generation: "g1",
    slackApps: [{ sink: "slack", signingSecret: slack.signingSecret }],
    actions: [cordon],
    lightActions: [],
    claims: {
      async claim(name, value) {
        const first = claimed.get(JSON.stringify(name));
        if (first === undefined) claimed.set(JSON.stringify(name), value);
        return first;
      },
    },
    runs: { put: async (run) => void records.push(run), get: async () => [], list: async () => [] },
    accept: async (deliveries) => accepted.push(...deliveries),
    now: () => now,
    log: recordingLog(entries),
    onRequest: () => undefined,
    ...changes,
  });
  return { app, records };
}

interface Pressing {
  readonly value?: string | undefined;
  readonly user?: string;
  readonly at?: number;
  readonly signingSecret?: string;
}

/** The status, and what was told to who pressed. */
async function press(app: Hono, { value = sealOffer(slack.signingSecret, offer), ...options }: Pressing = {}) {
  const before = slack.whispers.length;
  const message = { channel: "C1", ts: "1.1", text: "", blocks: [], attachments: [], metadata: undefined, edits: 0 };
  const button = { action_id: "cortado-1", value: value ?? "", text: { text: "Cordon" } };
  const respondAt = new URL(respondPath, slack.url).href;
  const { headers, body } = interaction(message, button, {
    signingSecret: slack.signingSecret,
    at: now,
    respondAt,
    ...options,
  });
  const response = await app.request("/webhooks/slack", { method: "POST", headers, body });
  return { status: response.status, body: await response.text(), told: slack.whispers.slice(before).join() };
}

describe("a press", () => {
  it("becomes an invocation, and an entry in the list of runs, by who pressed", async () => {
    const { app, records } = appWith();
    expect(await press(app, { user: "U0BOB" })).toEqual({ status: 200, body: "", told: "" });
    expect(accepted).toMatchObject([
      {
        kind: "invocation",
        action: "cordon",
        params: {},
        target: { kind: "Node", name: "n1" },
        cluster: "prod",
        acceptedAt: now,
        sinks: [],
        caller: "bob (U0BOB) in Slack",
        pressed: { message: offer.message, button: "cortado-1", text: "Cordon", user: { id: "U0BOB", name: "bob" } },
      },
    ]);
    expect(records).toMatchObject([{ id: accepted[0]?.id, state: "queued", generation: "g1" }]);
  });

  it("that could not be queued can be made again, and is the same run of the same user", async () => {
    let away = true;
    const { app } = appWith({
      accept: async (deliveries) => {
        if (away) throw new UnavailableError("the table is away");
        accepted.push(...deliveries);
      },
    });
    expect(await press(app, { user: "U0ADA" })).toMatchObject({
      status: 200,
      told: "Cortado cannot take this now: its state table does not answer. Press again in a minute.",
    });
    away = false;
    const again = await press(app, { user: "U0BOB", at: now + 1_000 });
    expect(again).toMatchObject({
      status: 200,
      told: expect.stringContaining("<@U0ADA> pressed this at 2026-08-01 10:41 UTC"),
    });
    expect(accepted).toMatchObject([{ caller: "ada (U0ADA) in Slack" }]);
  });
});

describe("a press is answered in time, and told", () => {
  it("where the table is away", async () => {
    const { app } = appWith({
      claims: {
        claim: async () => {
          throw new UnavailableError("the table is away");
        },
      },
    });
    expect(await press(app)).toMatchObject({ status: 200, told: expect.stringContaining("Press again in a minute.") });
    expect(accepted).toEqual([]);
    expect(entries).toMatchObject([{ level: "error", fields: { reason: "the table is away" } }]);
  });

  it("where the table does not answer", async () => {
    const { app } = appWith({ patience: 1, claims: { claim: () => new Promise(() => undefined) } });
    expect(await press(app)).toMatchObject({ status: 200, told: expect.stringContaining("press again: it runs once") });
  });

  it.each<[string, Partial<SlackRouteServices>, Partial<Offer>, string]>([
    [
      "that has expired",
      {},
      { expires: now },
      "could be pressed until 2026-08-01 10:41 UTC. Run `cordon` by hand instead.",
    ],
    ["of an action that is gone", {}, { action: "uncordon" }, "There is no action `uncordon` any more."],
    ["of an action that is not among lightActions", { lightActions: ["drain"] }, {}, "it is not among `lightActions`"],
    [
      "of an action that only events can start",
      { actions: [{ ...cordon, neverByHand: "cordon takes two versions." }] },
      {},
      "cordon takes two versions.",
    ],
    [
      "of a sink that has another name by now",
      {},
      { message: { ...offer.message, sink: "old" } },
      "its sink has another name",
    ],
  ])("of a button %s", async (_, services, changes, sentence) => {
    const { app } = appWith(services);
    const { status, told } = await press(app, { value: sealOffer(slack.signingSecret, { ...offer, ...changes }) });
    expect({ status, told }).toEqual({ status: 200, told: expect.stringContaining(sentence) });
    expect(accepted).toEqual([]);
    expect(entries).toMatchObject([{ level: "warn", message: "a button was not answered", fields: { user: "U0ADA" } }]);
  });

  it("of a button that another app has made", async () => {
    const { app } = appWith();
    const { status, told } = await press(app, { value: sealOffer("another app's secret", offer) });
    expect({ status, told }).toEqual({ status: 200, told: expect.stringContaining("none that Cortado can answer") });
  });

  it("by those who may alone, where that is configured", async () => {
    const users = ["U0BOB"];
    const { app } = appWith({ slackApps: [{ sink: "slack", signingSecret: slack.signingSecret, users }] });
    expect((await press(app)).told).toContain("U0ADA is not there");
    expect(await press(app, { user: "U0BOB" })).toMatchObject({ status: 200, told: "" });
  });

  it("also where nobody can be told", async () => {
    const { app } = appWith({ lightActions: ["drain"] });
    const closed = await startFakeSlack();
    await closed.close();
    const message = { channel: "C1", ts: "1.1", text: "", blocks: [], attachments: [], metadata: undefined, edits: 0 };
    const button = { action_id: "cortado-1", value: sealOffer(slack.signingSecret, offer) ?? "", text: { text: "x" } };
    const respondAt = new URL(respondPath, closed.url).href;
    const options = { signingSecret: slack.signingSecret, at: now, respondAt };
    const { headers, body } = interaction(message, button, options);
    expect((await app.request("/webhooks/slack", { method: "POST", headers, body })).status).toBe(200);
    expect(JSON.stringify(entries)).toContain("who pressed a button could not be told");
    expect(JSON.stringify(entries)).not.toContain(respondPath);
  });
});

describe("what is no press", () => {
  const send = async (body: string, headers?: Readonly<Record<string, string>>) => {
    const { app } = appWith();
    const real = signed(body, now / 1_000, slack.signingSecret);
    const response = await app.request("/webhooks/slack", { method: "POST", body, headers: headers ?? real.headers });
    expect(accepted).toEqual([]);
    return { status: response.status, text: await response.text() };
  };
  const payload = (value: unknown) => new URLSearchParams({ payload: JSON.stringify(value) }).toString();

  it.each<[string, string, number]>([
    ["a modal that was submitted", payload({ type: "view_submission", user: { id: "U1" } }), 200],
    ["a press of nobody's button", payload({ type: "block_actions", user: { id: "U1" }, actions: [] }), 200],
    ["Slack's look at the certificate", "ssl_check=1&token=x", 200],
    ["nothing", "", 400],
    ["no form", "{}", 400],
    ["a payload that is no JSON", "payload=%7B", 400],
    ["a payload of another shape", payload({ type: 1 }), 400],
  ])("%s", async (_, body, status) => {
    expect(await send(body)).toMatchObject({ status });
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ["no signature", {}, /no request of Slack's/],
    [
      "half a signature",
      { "x-slack-signature": "v0=abc", "x-slack-request-timestamp": String(now / 1_000) },
      /no request/,
    ],
    [
      "another's signature",
      signed("x", now / 1_000, "guessed").headers,
      /that of no Slack app here; compare `signing_secret`/,
    ],
    ["a time that was signed for another body", signed("y", now / 1_000, "8f74").headers, /no Slack app/],
  ])("what has %s", async (_, headers, reason) => {
    const { status, text } = await send("x", headers);
    expect(status).toBe(401);
    expect(text).toMatch(reason);
  });

  it.each([-301, 301])("what was signed %i s from now", async (seconds) => {
    const { headers } = signed("x", now / 1_000 + seconds, slack.signingSecret);
    expect(await send("x", headers)).toMatchObject({ status: 401, text: expect.stringContaining("301 s away") });
  });

  it("anything, where no sink has a signing secret", async () => {
    const { app } = appWith({ slackApps: [] });
    expect((await press(app)).status).toBe(404);
  });
});
