import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { markdown } from "../../src/findings/blocks.ts";
import { type NotifyInput, notify, renotify } from "../../src/sinks/notify.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import type { MessageAddress } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { findingOf, resolvedOf } from "../helpers/findings.ts";
import {
  alertKey,
  configured,
  editingSink,
  failing,
  notifyStage,
  onlyLater,
  outcomes,
  type Parts,
  recordingSink,
} from "../helpers/notify-stage.ts";

const stage = notifyStage();
const { dependencies, input, messages } = stage;

describe("an alert that resolves", () => {
  const resolved = (parts: Parts, changes: Partial<NotifyInput> = {}) =>
    input(parts, { phase: "resolved", base: resolvedOf(), owner: "owner-2", ...changes });

  it("edits every message of the stage.episode, also those that no playbook speaks of any more", async () => {
    const { sink, told, edits } = editingSink("one");
    const parts = { default: findingOf(), "Other#1": findingOf({ title: "Other" }) };
    await notify(input(parts), dependencies(configured(sink)));
    const report = await notify(resolved({}), dependencies(configured(sink)));
    expect(outcomes(report).sort()).toEqual(["one Other#1 edited", "one default edited"]);
    expect(told).toHaveLength(2);
    expect(edits.map(({ address, finding }) => [address.number, finding.status]).sort()).toEqual([
      ["1", "resolved"],
      ["2", "resolved"],
    ]);
  });

  it("adds what resolved playbooks found to the message that is there, whatever its part", async () => {
    const { sink, told, edits } = editingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    const found = (text: string) => [{ blocks: [markdown(text)] }];
    await notify(
      resolved({
        default: resolvedOf({ enrichments: found("now") }),
        "New#1": resolvedOf({ title: "New", enrichments: found("and then") }),
      }),
      dependencies(configured(sink)),
    );
    expect(told).toHaveLength(1);
    expect(edits.map(({ finding }) => finding.enrichments)).toEqual([
      [...found("now"), { title: "New", blocks: [] }, ...found("and then")],
    ]);
  });

  it("posts where the stage.episode has no message at that sink", async () => {
    const { sink, titles } = editingSink("one");
    await notify(resolved({ default: resolvedOf() }), dependencies(configured(sink)));
    expect(titles()).toEqual(["Pod shop/checkout-7d9f is crash looping resolved"]);
  });

  it("says nothing where nothing was said before", async () => {
    const { sink, told } = editingSink("one");
    const report = await notify(resolved({}), dependencies(configured(sink)));
    expect([told, report.results]).toEqual([[], []]);
  });

  it("posts a new message where the old one is gone, and the reference follows", async () => {
    const gone: ("gone" | MessageAddress)[] = ["gone", { number: "edited" }];
    const { sink, told } = editingSink("one", { update: () => gone.shift() ?? expect.fail("too many edits") });
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    const report = await notify(resolved({}), dependencies(configured(sink)));
    expect(report.results).toMatchObject([
      { outcome: "posted", reason: "the message before it cannot be edited any more" },
    ]);
    expect(told).toHaveLength(2);
    expect(await messages().list(alertKey, stage.episode)).toMatchObject([{ reference: { number: "2" } }]);
  });

  it("is posted anew, once, where the sink cannot edit", async () => {
    const { sink, titles } = recordingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    await notify(resolved({}), dependencies(configured(sink)));
    await notify(resolved({}, { owner: "owner-3" }), dependencies(configured(sink)));
    expect(titles()).toEqual([
      "Pod shop/checkout-7d9f is crash looping firing",
      "Pod shop/checkout-7d9f is crash looping resolved",
    ]);
  });

  it("edits the message of a sink that would not take the finding now", async () => {
    const { sink, edits } = editingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    const picky = configured(sink, { match: { severity: "LOW" } });
    await notify(
      resolved({ default: resolvedOf({ enrichments: [{ blocks: [markdown("x")] }] }) }),
      dependencies(picky),
    );
    expect(edits.map(({ finding }) => finding.enrichments)).toEqual([[]]);
  });

  it("leaves the messages of sinks that are no more, and says so", async () => {
    const { sink } = editingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    const report = await notify(resolved({}), dependencies());
    expect(report.results).toMatchObject([
      { sink: "one", outcome: "skipped", reason: expect.stringMatching(/no sink one/) },
    ]);
  });

  it("an edit that failed is tried again as an edit", async () => {
    const answers: (() => MessageAddress)[] = [
      failing({ retryable: true }) as () => never,
      () => ({ number: "edited" }),
    ];
    const { sink, told, edits } = editingSink("one", {
      update: () => answers.shift()?.() ?? expect.fail("too many edits"),
    });
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    const delivery = onlyLater(await notify(resolved({}), dependencies(configured(sink))));
    const options = { owner: "owner-3", signal: new AbortController().signal, attempt: 1 };
    expect(outcomes(await renotify(delivery, options, dependencies(configured(sink))))).toEqual(["one default edited"]);
    expect([told.length, edits.length]).toEqual([1, 2]);
  });

  it("a firing that is told only after the resolution says that it has resolved", async () => {
    const { sink, titles } = editingSink("one");
    const away = recordingSink("one", failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(away.sink))));
    await notify(resolved({}), dependencies(configured(sink)));
    const options = {
      owner: "owner-3",
      signal: new AbortController().signal,
      attempt: 1,
      resolvedAt: stage.clock.now(),
    };
    await renotify(delivery, options, dependencies(configured(sink)));
    expect(titles()).toEqual(["Pod shop/checkout-7d9f is crash looping resolved"]);
  });
});

describe("with the real Slack sink", () => {
  let slack: FakeSlack;
  beforeEach(async () => {
    slack = await startFakeSlack();
  });
  afterEach(() => slack.close());

  const slackSink = (): ConfiguredSink => {
    const params = { name: "main", slack_channel: "alerts", api_key: slack.token };
    return (
      sinkTypes.get("slack_sink")?.create(params, { stdout: process.stdout, slackApiUrl: slack.url }) ?? expect.fail()
    );
  };

  it("an stage.episode is one message: posted, found after a crash, edited", async () => {
    slack.fail("chat.postMessage", { drops: true, applied: true });
    const lost = await notify(input({ default: findingOf() }), dependencies(slackSink()));
    stage.clock.advance(36_000);
    const options = { owner: "owner-2", signal: new AbortController().signal, attempt: 1 };
    await renotify(onlyLater(lost), options, dependencies(slackSink()));
    const changes = { phase: "resolved", base: resolvedOf(), owner: "owner-3" } as const;
    const report = await notify(input({ default: resolvedOf() }, changes), dependencies(slackSink()));
    expect(outcomes(report)).toEqual(["main default edited"]);
    expect(slack.messages.map(textOf)).toEqual([expect.stringContaining("Resolved: Pod shop/checkout-7d9f")]);
  });

  it("a deleted message is posted anew", async () => {
    await notify(input({ default: findingOf() }), dependencies(slackSink()));
    slack.remove(slack.messages[0]?.ts ?? "");
    const report = await notify(
      input({}, { phase: "resolved", base: resolvedOf(), owner: "owner-2" }),
      dependencies(slackSink()),
    );
    expect(outcomes(report)).toEqual(["main default posted"]);
    expect(slack.messages).toHaveLength(1);
  });
});
