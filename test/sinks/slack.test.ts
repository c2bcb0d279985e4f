import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { file, markdown } from "../../src/findings/blocks.ts";
import type { Finding } from "../../src/findings/finding.ts";
import type { MessageAddress, Sink, SinkContext } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { type FakeSlack, type Fault, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { crashLoop, findingOf, resolvedOf } from "../helpers/findings.ts";
import { expectNoSecret } from "../helpers/leaks-no-secret.ts";

let slack: FakeSlack;
const channels = {
  alerts: {},
  "cart-alerts": {},
  "prod-eu-alerts": {},
  secret: { invited: false },
  old: { archived: true },
};

beforeEach(async () => {
  slack = await startFakeSlack({ channels });
});
afterEach(() => slack.close());

const sinkWith = (params: object = {}, slackApiUrl = slack.url): Sink => {
  const type = sinkTypes.get("slack_sink");
  if (type === undefined) throw new Error("there is no slack_sink");
  const given = { name: "main", slack_channel: "alerts", api_key: slack.token, ...params };
  return type.create(given, { stdout: process.stdout, slackApiUrl }).sink;
};
const context = (changes: Partial<SinkContext> = {}): SinkContext => ({
  messageId: "id-of-the-message",
  signal: new AbortController().signal,
  possiblyRepeated: false,
  ...changes,
});
const update = (sink: Sink, address: MessageAddress, finding: Finding) => sink.update?.(address, finding, context());
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("it should have failed"),
    (error: unknown) => error,
  );

describe("posting to Slack", () => {
  it("posts one message with its name in the metadata, and its files in the thread", async () => {
    await sinkWith().post(crashLoop(), context());
    const [message] = slack.messages;
    expect(message?.metadata).toEqual({ event_type: "cortado_finding", event_payload: { id: "id-of-the-message" } });
    expect(slack.files(message?.ts).map(({ name, bytes }) => [name, bytes?.toString()])).toEqual([
      ["api.log", "GET /cart <1>\ncannot connect to redis & gave up\n"],
    ]);
    expect(slack.calls).toEqual([
      "files.getUploadURLExternal",
      "upload",
      "chat.postMessage",
      "files.completeUploadExternal",
    ]);
    expect(slack.refusals).toEqual([]);
  });

  it("uploads bytes as bytes, and counts them", async () => {
    const bytes = new Uint8Array([0, 255, 10, 195, 164]);
    await sinkWith().post(
      findingOf({ enrichments: [{ blocks: [file("a.bin", bytes), file("ä.txt", "äöü\u{1F525}")] }] }),
      context(),
    );
    expect(slack.files().map((one) => [one.name, one.length])).toEqual([
      ["a.bin", 5],
      ["ä.txt", 10],
    ]);
    expect(slack.files()[0]?.bytes).toEqual(Buffer.from(bytes));
  });

  it.each([
    ["labels.app", "alerts"],
    ["annotations.channel", "cart-alerts"],
    ["$cluster_name-alerts", "prod-eu-alerts"],
    [`\${annotations.channel}`, "cart-alerts"],
    [`\${labels.team_example_com/name}-alerts`, "cart-alerts"],
    ["$labels.missing-alerts", "alerts"],
    ["labels.missing", "alerts"],
    [`secret-\${labels.missing}`, "alerts"],
  ])("channel_override %s posts to %s", async (template, channel) => {
    await sinkWith({ channel_override: template }).post(findingOf(), context());
    expect(slack.messages[0]?.channel).toBe(slack.id(channel));
  });

  it("posts to its own channel, and says so, where the chosen one is not there", async () => {
    await sinkWith({ channel_override: "labels.app" }).post(findingOf(), context());
    const [message] = slack.messages;
    expect(message?.channel).toBe(slack.id("alerts"));
    expect(message && textOf(message)).toContain("This was meant for_ checkout_:_ channel_not_found");
  });
});

describe("what Slack refuses", () => {
  it.each<[Fault, { retryable: boolean; outcomeUnknown: boolean; retryAfterSeconds?: number | undefined }, RegExp]>([
    [{ rateLimited: 30 }, { retryable: true, outcomeUnknown: false, retryAfterSeconds: 30 }, /rate limited/],
    [{ error: "ratelimited" }, { retryable: true, outcomeUnknown: false }, /ratelimited/],
    [{ error: "service_unavailable" }, { retryable: true, outcomeUnknown: false }, /service_unavailable/],
    [{ error: "internal_error" }, { retryable: true, outcomeUnknown: true }, /internal_error/],
    [{ error: "fatal_error" }, { retryable: true, outcomeUnknown: true }, /fatal_error/],
    [{ error: "invalid_auth" }, { retryable: false, outcomeUnknown: false }, /invalid_auth; check `api_key`/],
    [{ error: "token_revoked" }, { retryable: false, outcomeUnknown: false }, /check `api_key`/],
    [
      { error: "missing_scope", needed: "chat:write" },
      { retryable: false, outcomeUnknown: false },
      /give the app the scope chat:write/,
    ],
    [{ error: "invalid_blocks" }, { retryable: false, outcomeUnknown: false }, /invalid_blocks/],
    [{ error: "something_new" }, { retryable: false, outcomeUnknown: false }, /something_new/],
    [{ status: 503 }, { retryable: true, outcomeUnknown: false }, /HTTP 503/],
    [{ status: 502 }, { retryable: true, outcomeUnknown: true }, /HTTP 502/],
    [{ status: 404 }, { retryable: false, outcomeUnknown: false }, /HTTP 404/],
    [{ page: "<html>a proxy says no</html>" }, { retryable: true, outcomeUnknown: true }, /not Slack's/],
    [{ drops: true }, { retryable: true, outcomeUnknown: true }, /chat\.postMessage/],
    [{ drops: true, applied: true }, { retryable: true, outcomeUnknown: true }, /chat\.postMessage/],
  ])("%j", async (fault, expected, reason) => {
    slack.fail("chat.postMessage", fault);
    const failure = await failureOf(sinkWith().post(findingOf(), context()));
    expect(failure).toMatchObject({ name: "SinkError", ...expected, message: expect.stringMatching(reason) });
    expectNoSecret(failure, [slack.token]);
  });

  it.each([
    ["nowhere", /channel_not_found; check the channel's name/],
    ["secret", /not_in_channel; invite the app/],
    ["old", /is_archived/],
  ])("a message to %s", async (channel, reason) => {
    const failure = await failureOf(sinkWith({ slack_channel: channel }).post(findingOf(), context()));
    expect(failure).toMatchObject({ retryable: false, message: expect.stringMatching(reason) });
  });

  it("a wrong token, which is not shown", async () => {
    const wrong = "xoxb-wrong-token-of-somebody";
    const failure = await failureOf(sinkWith({ api_key: wrong }).post(crashLoop(), context()));
    expect(failure).toMatchObject({ retryable: false, message: expect.stringMatching(/invalid_auth/) });
    expectNoSecret(failure, [wrong]);
  });

  it("nothing listens: nothing was posted", async () => {
    const closed = await startFakeSlack();
    await closed.close();
    const failure = await failureOf(sinkWith({}, closed.url).post(findingOf(), context()));
    expect(failure).toMatchObject({
      retryable: true,
      outcomeUnknown: false,
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  it("waits itself where Slack asks for a second", async () => {
    slack.fail("chat.postMessage", { rateLimited: 1 });
    await sinkWith().post(findingOf(), context());
    expect(slack.messages).toHaveLength(1);
    expect(slack.calls).toEqual(["chat.postMessage", "chat.postMessage"]);
  });

  it("does not wait for an answer after the signal", async () => {
    slack.fail("chat.postMessage", { hangs: true });
    const signal = AbortSignal.timeout(50);
    const failure = await failureOf(sinkWith().post(findingOf(), context({ signal })));
    expect(failure).toMatchObject({ name: "SinkError", retryable: true, outcomeUnknown: true });
  });
});

describe("files that Slack does not take", () => {
  it.each<[string, Fault, RegExp]>([
    [
      "files.getUploadURLExternal",
      { error: "missing_scope", needed: "files:write" },
      /Not attached: `api.log`.*files:write/,
    ],
    ["files.getUploadURLExternal", { rateLimited: 60 }, /Not attached: `api.log`.*rate limited/],
    ["upload", { status: 500 }, /Not attached: `api.log`.*HTTP 500/],
    ["upload", { drops: true }, /Not attached: `api.log`/],
  ])("%s answers %j: the message goes out and says so", async (method, fault, said) => {
    slack.fail(method, fault);
    await sinkWith().post(crashLoop(), context());
    expect(slack.messages.map(textOf)).toEqual([expect.stringMatching(said)]);
  });

  it("are told in the thread where only the sharing fails", async () => {
    slack.fail("files.completeUploadExternal", { error: "internal_error" });
    await sinkWith().post(crashLoop(), context());
    const [message] = slack.messages;
    expect(slack.replies(message?.ts ?? "").map(textOf)).toEqual([expect.stringMatching(/Not attached: `api.log`/)]);
  });
});

describe("a resolution", () => {
  it("edits the message: status, duration, colour; what it said stays", async () => {
    const sink = sinkWith();
    const address = await sink.post(crashLoop(), context());
    const before = slack.messages[0] && textOf(slack.messages[0]);
    const updated = await update(sink, address, resolvedOf({ title: "Another title", enrichments: [] }));
    const [message] = slack.messages;
    expect(slack.messages).toHaveLength(1);
    expect(message).toMatchObject({ edits: 1, metadata: { event_payload: { id: "id-of-the-message" } } });
    expect(message?.attachments[0]?.color).toBe("#2e7d32");
    const after = message && textOf(message);
    expect(after).toContain("Resolved: Pod shop/checkout-7d9f is crash looping");
    expect(after).toContain("fired for 12m, until");
    for (const kept of ["cannot connect to redis", "Crash info", "runbook"])
      expect([before, after].every((text) => text?.includes(kept))).toBe(true);
    expect(slack.replies(message?.ts ?? "")).toEqual([]);
    expect(updated).toMatchObject({ channel: address.channel, ts: address.ts });
  });

  it("puts what was found then into the thread, once", async () => {
    const sink = sinkWith();
    const address = await sink.post(crashLoop(), context());
    const found = resolvedOf({
      enrichments: [{ title: "Since", blocks: [markdown("all *good*"), file("end.log", "bye")] }],
    });
    const updated = await update(sink, address, found);
    if (updated === undefined || updated === "gone") expect.fail("it should have been edited");
    await update(sink, updated, found);
    const { ts = "" } = slack.messages[0] ?? {};
    expect(slack.replies(ts).map(textOf)).toEqual([expect.stringContaining("*Since*\nall *good*")]);
    expect(slack.files(ts).map(({ name }) => name)).toEqual(["api.log", "end.log"]);
  });

  it.each(["message_not_found", "edit_window_closed", "cant_update_message"])(
    "says that it is gone on %s",
    async (error) => {
      const sink = sinkWith();
      const address = await sink.post(findingOf(), context());
      slack.fail("chat.update", { error });
      expect(await update(sink, address, resolvedOf())).toBe("gone");
    },
  );

  it("fails like a post where Slack is away", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context());
    slack.fail("chat.update", { rateLimited: 20 });
    expect(await failureOf(Promise.resolve(update(sink, address, resolvedOf())))).toMatchObject({
      retryable: true,
      retryAfterSeconds: 20,
    });
  });
});

describe("an alert that fires on", () => {
  const replyId = "id-of-the-reply";
  const reply = (sink: Sink, address: MessageAddress, finding: Finding, changes: Partial<SinkContext> = {}) =>
    sink.reply?.(address, finding, context({ messageId: replyId, ...changes }));

  it("is a reply that the channel sees, with its files in the thread", async () => {
    const sink = sinkWith({ channel_override: "annotations.channel" });
    const address = await sink.post(findingOf(), context());
    const replied = await reply(sink, address, crashLoop());
    const [message, ...others] = slack.messages;
    expect(others).toEqual([]);
    const [shown] = slack.replies(message?.ts ?? "");
    expect(shown).toMatchObject({
      channel: message?.channel,
      broadcast: true,
      metadata: { event_payload: { id: replyId } },
    });
    expect(shown && textOf(shown)).toContain("cannot connect to redis");
    expect(slack.files(message?.ts).map(({ name }) => name)).toEqual(["api.log"]);
    expect(replied).toEqual({ channel: message?.channel, ts: shown?.ts });
    expect(slack.refusals).toEqual([]);
  });

  it("leaves the message as it is", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context());
    const before = slack.messages.map(textOf);
    await reply(sink, address, crashLoop());
    expect(slack.messages.map(textOf)).toEqual(before);
    expect(slack.messages[0]?.edits).toBe(0);
  });

  it("says that a reply is possibly repeated", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context());
    await reply(sink, address, findingOf(), { possiblyRepeated: true });
    expect(slack.replies(address.ts ?? "").map(textOf)).toEqual([expect.stringMatching(/possibly repeated/i)]);
  });

  it("finds a lost reply by its name", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context());
    slack.fail("chat.postMessage", { drops: true, applied: true });
    await failureOf(Promise.resolve(reply(sink, address, findingOf())));
    const [lost] = slack.replies(address.ts ?? "");
    expect(await sinkWith().find?.(context({ messageId: replyId }), findingOf())).toMatchObject({ ts: lost?.ts });
  });

  it.each(["thread_not_found", "message_not_found", "cannot_reply_to_message", "channel_not_found", "is_archived"])(
    "says that there is nothing to reply to on %s",
    async (error) => {
      const sink = sinkWith();
      const address = await sink.post(findingOf(), context());
      slack.fail("chat.postMessage", { error });
      expect(await reply(sink, address, findingOf())).toBe("gone");
    },
  );

  it("fails like a post where Slack is away", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context());
    slack.fail("chat.postMessage", { rateLimited: 20 });
    expect(await failureOf(Promise.resolve(reply(sink, address, findingOf())))).toMatchObject({
      name: "SinkError",
      retryable: true,
      retryAfterSeconds: 20,
    });
  });
});

describe("a message of unknown outcome", () => {
  it("is found by its name, by a sink that has never posted", async () => {
    slack.fail("chat.postMessage", { drops: true, applied: true });
    await failureOf(sinkWith().post(findingOf(), context()));
    await sinkWith().post(findingOf(), context({ messageId: "another" }));
    const address = await sinkWith().find?.(context(), findingOf());
    expect(address).toMatchObject({ channel: slack.id("alerts"), ts: slack.messages[0]?.ts });
    if (address === undefined || address === "absent") expect.fail("it was not found");
    await update(sinkWith(), address, resolvedOf());
    expect(slack.messages.map(({ edits }) => edits)).toEqual([1, 0]);
  });

  it("is absent where it was never posted", async () => {
    await sinkWith().post(findingOf(), context({ messageId: "another" }));
    expect(await sinkWith().find?.(context(), findingOf())).toBe("absent");
  });

  it("nobody can tell where the channel's history does not go back a day", async () => {
    const sink = sinkWith();
    for (let n = 0; n <= 200; n += 1) await sink.post(findingOf(), context({ messageId: `another ${n}` }));
    expect(await sinkWith().find?.(context(), findingOf())).toBeUndefined();
  });

  it.each<[string, Fault]>([
    ["conversations.history", { error: "missing_scope", needed: "channels:history" }],
    ["conversations.list", { error: "missing_scope", needed: "channels:read" }],
    ["conversations.history", { error: "channel_not_found" }],
  ])("nobody can tell where %s answers %j", async (method, fault) => {
    await sinkWith().post(findingOf(), context());
    slack.fail(method, fault);
    expect(await sinkWith().find?.(context(), findingOf())).toBeUndefined();
  });

  it("fails where Slack cannot tell now", async () => {
    slack.fail("conversations.list", { rateLimited: 30 });
    const failure = await failureOf(Promise.resolve(sinkWith().find?.(context(), findingOf())));
    expect(failure).toMatchObject({ retryable: true, retryAfterSeconds: 30 });
  });
});
