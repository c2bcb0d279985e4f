import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NotifyDelivery } from "../../src/delivery.ts";
import { SinkError } from "../../src/errors.ts";
import { markdown } from "../../src/findings/blocks.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { messageId } from "../../src/sinks/message.ts";
import { type NotifyInput, type NotifyReport, notify, renotify } from "../../src/sinks/notify.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import type { MessageAddress, Sink, SinkContext } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { systemClock } from "../../src/state/clock.ts";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { openState } from "../../src/state/open.ts";
import { createTable, type Table } from "../../src/state/table.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { findingOf, resolvedOf } from "../helpers/findings.ts";
import { type ManualClock, manualClock } from "../helpers/manual-clock.ts";

let database: EmbeddedDatabase;
let table: Table;
const tableName = "cortado-notify-test";
let episodes = 0;

beforeAll(async () => {
  database = await startEmbeddedDatabase();
  const { socketPath } = database;
  await createTableIfMissing({ tableName, socketPath });
  table = createTable({ tableName, socketPath, clock: { ...systemClock, now: () => clock.now() } });
});
afterAll(async () => {
  table.close();
  await database.close();
});

let clock: ManualClock;
let episode: string;
beforeEach(() => {
  clock = manualClock();
  episodes += 1;
  episode = `episode-${episodes}`;
});

const alertKey = { cluster: "prod-eu", key: "alert#0123456789abcdef" };
const messages = () => openState({ table, clock }).messages;
const dependencies = (...sinks: readonly ConfiguredSink[]) => ({ sinks, messages: messages(), now: clock.now });
const configured = (sink: Sink, params: Partial<ConfiguredSink["params"]> = {}): ConfiguredSink => ({
  sink,
  params: { name: sink.name, default: true, stop: false, ...params },
});
type Parts = Readonly<Record<string, Finding>>;
const input = (parts: Parts, changes: Partial<NotifyInput> = {}): NotifyInput => ({
  delivery: alertKey,
  episode,
  phase: "firing",
  findings: () => Object.entries(parts).map(([part, finding]) => ({ part, finding })),
  base: findingOf({ status: changes.phase ?? "firing" }),
  owner: "owner-1",
  signal: new AbortController().signal,
  ...changes,
});
const outcomes = ({ results }: NotifyReport) => results.map(({ sink, part, outcome }) => `${sink} ${part} ${outcome}`);
const onlyLater = ({ later }: NotifyReport): NotifyDelivery =>
  later[0]?.delivery ?? expect.fail("nothing was left for later");

/** A sink that keeps what it was told, in order; `answers` stand for what its destination does next. */
function recordingSink(name: string, ...answers: readonly (() => unknown)[]) {
  const told: { finding: Finding; context: SinkContext }[] = [];
  const queue = [...answers];
  const sink: Sink = {
    name,
    type: "recording_sink",
    async post(finding, context) {
      told.push({ finding, context });
      await queue.shift()?.();
      return { number: String(told.length) };
    },
  };
  return { sink, told, titles: () => told.map(({ finding }) => `${finding.title} ${finding.status}`) };
}

/** One that can edit and find. */
function editingSink(
  name: string,
  answers: { update?: () => MessageAddress | "gone"; find?: () => MessageAddress | undefined } = {},
) {
  const recording = recordingSink(name);
  const edits: { address: MessageAddress; finding: Finding }[] = [];
  const sink: Sink = {
    ...recording.sink,
    async update(address, finding) {
      edits.push({ address, finding });
      return answers.update?.() ?? address;
    },
    find: async () => answers.find?.(),
  };
  return { ...recording, sink, edits };
}

const failing = (options: ConstructorParameters<typeof SinkError>[1]) => () => {
  throw new SinkError("it said no", options);
};

describe("a firing alert", () => {
  it("is told to every sink, in the order of its findings", async () => {
    const [one, two] = [recordingSink("one"), recordingSink("two")];
    const parts = { default: findingOf(), "Other#1": findingOf({ title: "Other" }) };
    const report = await notify(input(parts), dependencies(configured(one.sink), configured(two.sink)));
    expect(outcomes(report)).toEqual([
      "one default posted",
      "one Other#1 posted",
      "two default posted",
      "two Other#1 posted",
    ]);
    expect(one.titles()).toEqual(["Pod shop/checkout-7d9f is crash looping firing", "Other firing"]);
  });

  it("is told once, however often it is worked", async () => {
    const { sink, told } = recordingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    const again = await notify(input({ default: findingOf() }, { owner: "owner-2" }), dependencies(configured(sink)));
    expect(again.results).toEqual([{ sink: "one", part: "default", outcome: "skipped", reason: "posted already" }]);
    expect(told).toHaveLength(1);
  });

  it("is told once by two workers at the same moment", async () => {
    const { sink, told } = recordingSink("one");
    const reports = await Promise.all(
      ["owner-1", "owner-2"].map((owner) =>
        notify(input({ default: findingOf() }, { owner }), dependencies(configured(sink))),
      ),
    );
    expect(told).toHaveLength(1);
    expect(reports.flatMap(outcomes)).toContain("one default posted");
  });

  it("has the same message id in every attempt, and another for each message", async () => {
    const key = { ...alertKey, episode, sink: "one", part: "default" };
    expect(messageId(key)).toBe(messageId({ ...key }));
    expect(messageId(key)).toMatch(/^[0-9a-f]{32}$/);
    expect(messageId({ ...key, part: "a#1" })).not.toBe(messageId({ ...key, part: "a", sink: "1#one" }));
  });

  it("goes only where it is taken, with the reason where not", async () => {
    const [one, two] = [recordingSink("one"), recordingSink("two")];
    const low = configured(one.sink, { scope: { include: [{ severity: "LOW" }] } });
    const { results } = await notify(input({ default: findingOf() }), dependencies(low, configured(two.sink)));
    expect(results).toContainEqual({
      sink: "one",
      part: "default",
      outcome: "skipped",
      reason: "scope.include does not match severity LOW",
    });
    expect([one.told.length, two.told.length]).toEqual([0, 1]);
  });

  it("goes nowhere after a sink with stop that took something", async () => {
    const [one, two, three] = [recordingSink("one"), recordingSink("two"), recordingSink("three")];
    const stopping = configured(two.sink, { stop: true });
    const refusing = configured(one.sink, { stop: true, match: { severity: "LOW" } });
    const parts = { default: findingOf(), "Other#1": findingOf({ title: "Other" }) };
    const report = await notify(input(parts), dependencies(refusing, stopping, configured(three.sink)));
    expect([one.told.length, two.told.length, three.told.length]).toEqual([0, 1, 0]);
    expect(report.results).toContainEqual({
      sink: "three",
      part: "default",
      outcome: "skipped",
      reason: "two took a finding and has stop: true",
    });
  });

  it("reaches the other sinks while one does not answer, and ends with the signal", async () => {
    const abort = new AbortController();
    const slow = recordingSink("slow", () => new Promise(() => undefined));
    const quick = recordingSink("quick", () => abort.abort());
    const report = await notify(
      input({ default: findingOf() }, { signal: abort.signal }),
      dependencies(configured(slow.sink), configured(quick.sink)),
    );
    expect(quick.told).toHaveLength(1);
    expect(report.results[0]).toMatchObject({ sink: "slow", outcome: "failed", retryAt: clock.now() + 5_000 });
  });

  it("is not posted once the signal has fired", async () => {
    const { sink, told } = recordingSink("one");
    const report = await notify(
      input({ default: findingOf() }, { signal: AbortSignal.abort() }),
      dependencies(configured(sink)),
    );
    expect(told).toEqual([]);
    expect(report.later).toHaveLength(1);
  });
});

describe("a sink that fails", () => {
  it("is tried again later, by itself", async () => {
    const { sink, told } = recordingSink("one", failing({ retryable: true }));
    const report = await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    expect(report.results).toEqual([
      { sink: "one", part: "default", outcome: "failed", reason: "it said no", retryAt: clock.now() + 5_000 },
    ]);
    const delivery = onlyLater(report);
    expect(delivery).toMatchObject({
      kind: "notify",
      sink: "one",
      cluster: "prod-eu",
      message: { part: "default", episode },
    });
    const options = { owner: "owner-2", signal: new AbortController().signal, attempt: 1 };
    const again = await renotify(delivery, options, dependencies(configured(sink)));
    expect(outcomes(again)).toEqual(["one default posted"]);
    expect(told.map(({ context }) => context.possiblyRepeated)).toEqual([false, false]);
    expect(told[0]?.context.messageId).toBe(told[1]?.context.messageId);
  });

  it("waits as long as it is asked to", async () => {
    const { sink } = recordingSink("one", failing({ retryable: true, retryAfterSeconds: 77 }));
    const { later } = await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    expect(later.map(({ at }) => at - clock.now())).toEqual([77_000]);
  });

  it("is a dead letter where trying again does not help", async () => {
    const { sink } = recordingSink("one", failing({ retryable: false }));
    const report = await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    expect(report.later).toEqual([]);
    expect(report.dead).toMatchObject([{ delivery: { sink: "one" }, reasons: ["it said no"] }]);
    expect(report.results).toEqual([{ sink: "one", part: "default", outcome: "failed", reason: "it said no" }]);
  });

  it.each([
    [1, 5],
    [2, 15],
    [3, 45],
    [4, 135],
    [9, 135],
  ])("waits longer each time: after attempt %i, %i s", async (attempt, seconds) => {
    const failures = Array.from({ length: 2 }, () => failing({ retryable: true }));
    const { sink } = recordingSink("one", ...failures);
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    const options = { owner: "owner-2", signal: new AbortController().signal, attempt };
    const { later } = await renotify(delivery, options, dependencies(configured(sink)));
    expect(later.map(({ at }) => at - clock.now())).toEqual([seconds * 1_000]);
  });

  it("is given up after a day", async () => {
    const { sink } = recordingSink("one", failing({ retryable: true }), failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    clock.advance(24 * 3_600_000);
    const options = { owner: "owner-2", signal: new AbortController().signal, attempt: 700 };
    const { later, dead } = await renotify(delivery, options, dependencies(configured(sink)));
    expect(later).toEqual([]);
    expect(dead).toMatchObject([{ reasons: ["it said no; given up after 24 hours"] }]);
  });

  it("does not keep the findings after it from being told", async () => {
    const { sink, titles } = recordingSink("one", failing({ retryable: true }));
    const parts = { default: findingOf(), "Other#1": findingOf({ title: "Other" }) };
    const report = await notify(input(parts), dependencies(configured(sink)));
    expect(outcomes(report)).toEqual(["one default failed", "one Other#1 posted"]);
    expect(titles()).toContain("Other firing");
  });

  it("that is configured no more is told nothing", async () => {
    const { sink } = recordingSink("one", failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    const options = { owner: "owner-2", signal: new AbortController().signal, attempt: 1 };
    expect((await renotify(delivery, options, dependencies())).results).toMatchObject([{ outcome: "skipped" }]);
  });
});

describe("a message of unknown outcome", () => {
  const lost = failing({ retryable: true, outcomeUnknown: true });
  const again = { owner: "owner-2", signal: new AbortController().signal, attempt: 1 };

  it("is left alone for half a minute, then posted as possibly repeated where nobody can tell", async () => {
    const { sink, told } = recordingSink("one", lost);
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    const busy = await renotify(delivery, again, dependencies(configured(sink)));
    expect(busy.results).toMatchObject([
      { outcome: "failed", reason: "another worker is posting it", retryAt: clock.now() + 5_000 },
    ]);
    expect(told).toHaveLength(1);
    clock.advance(36_000);
    const report = await renotify(delivery, again, dependencies(configured(sink)));
    expect(report.results).toMatchObject([{ outcome: "posted", reason: expect.stringMatching(/possibly repeated/) }]);
    expect(told.map(({ context }) => context.possiblyRepeated)).toEqual([false, true]);
  });

  it("is not posted again where it is found", async () => {
    const { sink, told } = editingSink("one", { find: () => ({ number: "found" }) });
    await messages().reserve({ ...alertKey, episode, sink: "one", part: "default" }, "owner-that-died");
    clock.advance(36_000);
    const report = await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    expect(report.results).toMatchObject([{ outcome: "posted", reason: "found, from an earlier attempt" }]);
    expect(told).toEqual([]);
    expect(await messages().list(alertKey, episode)).toMatchObject([
      { state: "posted", reference: { number: "found" } },
    ]);
  });

  it("stays unknown where the next attempt is refused", async () => {
    const { sink, told } = recordingSink("one", lost, failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    clock.advance(36_000);
    await renotify(delivery, again, dependencies(configured(sink)));
    clock.advance(36_000);
    await renotify(delivery, { ...again, owner: "owner-3" }, dependencies(configured(sink)));
    expect(told.map(({ context }) => context.possiblyRepeated)).toEqual([false, true, true]);
  });
});

describe("an alert that resolves", () => {
  const resolved = (parts: Parts, changes: Partial<NotifyInput> = {}) =>
    input(parts, { phase: "resolved", base: resolvedOf(), owner: "owner-2", ...changes });

  it("edits every message of the episode, also those that no playbook speaks of any more", async () => {
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

  it("posts where the episode has no message at that sink", async () => {
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
    expect(await messages().list(alertKey, episode)).toMatchObject([{ reference: { number: "2" } }]);
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
    const options = { owner: "owner-3", signal: new AbortController().signal, attempt: 1, resolvedAt: clock.now() };
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

  it("an episode is one message: posted, found after a crash, edited", async () => {
    slack.fail("chat.postMessage", { drops: true, applied: true });
    const lost = await notify(input({ default: findingOf() }), dependencies(slackSink()));
    clock.advance(36_000);
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
