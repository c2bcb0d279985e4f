/** Messages in the thread of another, and messages that are written anew: what summaries are made of. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markdown } from "../../src/findings/blocks.ts";
import type { Sink, SinkContext } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { crashLoop, findingOf, resolvedOf } from "../helpers/findings.ts";

let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack({ channels: { alerts: {}, "cart-alerts": {} } });
});
afterEach(() => slack.close());

const sinkWith = (params: object = {}): Sink => {
  const given = { name: "main", slack_channel: "alerts", api_key: slack.token, ...params };
  const made = sinkTypes.get("slack_sink")?.create(given, { stdout: process.stdout, slackApiUrl: slack.url });
  return made?.sink ?? expect.fail("there is no slack_sink");
};
const context = (changes: Partial<SinkContext> = {}): SinkContext => ({
  messageId: "id-of-the-message",
  signal: new AbortController().signal,
  possiblyRepeated: false,
  ...changes,
});

describe("in the thread of another message", () => {
  const begun = async (sink: Sink) => ({ beneath: await sink.post(findingOf({ title: "Above" }), context()) });

  it("is a message with its files, which the channel does not see, and which resolves", async () => {
    const sink = sinkWith({ channel_override: "annotations.channel" });
    const { beneath } = await begun(sinkWith());
    const address = await sink.post(crashLoop(), context({ messageId: "beneath", beneath }));
    const [above, ...others] = slack.messages;
    expect(others).toEqual([]);
    const [shown] = slack.replies(above?.ts ?? "");
    expect(shown).toMatchObject({ channel: above?.channel, metadata: { event_payload: { id: "beneath" } } });
    expect(shown).not.toHaveProperty("broadcast");
    expect(slack.files(above?.ts).map(({ name }) => name)).toEqual(["api.log"]);
    await sink.update?.(address, resolvedOf({ enrichments: [{ blocks: [markdown("all good")] }] }), context());
    const [edited, found] = slack.replies(above?.ts ?? "");
    expect(edited && textOf(edited)).toContain("Resolved: Pod shop/checkout-7d9f");
    expect(found && textOf(found)).toContain("all good");
    expect(slack.refusals).toEqual([]);
  });

  it("has replies beside it, which the channel does not see either", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context({ messageId: "beneath", ...(await begun(sink)) }));
    await sink.reply?.(address, findingOf(), context({ messageId: "again" }));
    expect(slack.messages).toHaveLength(1);
    expect(slack.replies(slack.messages[0]?.ts ?? "").map(({ broadcast }) => broadcast)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("is found by its name, however long the thread, or is certain not to be there", async () => {
    const sink = sinkWith();
    const { beneath } = await begun(sink);
    for (const messageId of ["a", "b", "c", "d"]) await sink.post(findingOf(), context({ messageId, beneath }));
    const { ts = "" } = slack.messages[0] ?? {};
    const address = await sinkWith().find?.(context({ messageId: "d", beneath }), findingOf());
    expect(address).toMatchObject({ ts: slack.replies(ts)[3]?.ts, thread: ts });
    expect(await sinkWith().find?.(context({ messageId: "e", beneath }), findingOf())).toBe("absent");
  });

  it("is a message of its own where there is no thread any more", async () => {
    const sink = sinkWith();
    const { beneath } = await begun(sink);
    slack.remove(beneath.ts ?? "");
    await sink.post(findingOf(), context({ messageId: "beneath", beneath }));
    expect(slack.messages).toHaveLength(1);
  });
});

describe("a message that is written anew", () => {
  it("says the new and nothing of the old", async () => {
    const sink = sinkWith();
    const address = await sink.post(crashLoop(), context());
    const rewritten = await sink.rewrite?.(address, findingOf({ title: "New", description: "it is" }), context());
    const [message] = slack.messages;
    expect(message?.edits).toBe(1);
    expect(message && textOf(message)).toMatch(/New.*it is/);
    expect(message && textOf(message)).not.toContain("Crash info");
    expect(rewritten).toMatchObject({ ts: address.ts, title: "New" });
  });

  it("is gone where it was removed, and fails like a post where Slack is away", async () => {
    const sink = sinkWith();
    const address = await sink.post(findingOf(), context());
    slack.fail("chat.update", { rateLimited: 20 });
    const rewrite = async () => await sink.rewrite?.(address, findingOf(), context());
    await expect(rewrite()).rejects.toMatchObject({ name: "SinkError", retryable: true, retryAfterSeconds: 20 });
    slack.remove(address.ts ?? "");
    expect(await rewrite()).toBe("gone");
  });
});
