import { describe, expect, it } from "vitest";
import { messageId } from "../../src/sinks/message.ts";
import { notify, renotify } from "../../src/sinks/notify.ts";
import { findingOf } from "../helpers/findings.ts";
import {
  alertKey,
  configured,
  editingSink,
  failing,
  notifyStage,
  onlyLater,
  outcomes,
  recordingSink,
} from "../helpers/notify-stage.ts";

const stage = notifyStage();
const { dependencies, input, messages } = stage;

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
    const key = { ...alertKey, episode: stage.episode, sink: "one", part: "default" };
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
    expect(report.results[0]).toMatchObject({ sink: "slow", outcome: "failed", retryAt: stage.clock.now() + 5_000 });
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
      { sink: "one", part: "default", outcome: "failed", reason: "it said no", retryAt: stage.clock.now() + 5_000 },
    ]);
    const delivery = onlyLater(report);
    expect(delivery).toMatchObject({
      kind: "notify",
      sink: "one",
      cluster: "prod-eu",
      message: { part: "default", episode: stage.episode },
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
    expect(later.map(({ at }) => at - stage.clock.now())).toEqual([77_000]);
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
    expect(later.map(({ at }) => at - stage.clock.now())).toEqual([seconds * 1_000]);
  });

  it("is given up after a day", async () => {
    const { sink } = recordingSink("one", failing({ retryable: true }), failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    stage.clock.advance(24 * 3_600_000);
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
      { outcome: "failed", reason: "another worker is posting it", retryAt: stage.clock.now() + 5_000 },
    ]);
    expect(told).toHaveLength(1);
    stage.clock.advance(36_000);
    const report = await renotify(delivery, again, dependencies(configured(sink)));
    expect(report.results).toMatchObject([{ outcome: "posted", reason: expect.stringMatching(/possibly repeated/) }]);
    expect(told.map(({ context }) => context.possiblyRepeated)).toEqual([false, true]);
  });

  it("is not posted again where it is found", async () => {
    const { sink, told } = editingSink("one", { find: () => ({ number: "found" }) });
    await messages().reserve({ ...alertKey, episode: stage.episode, sink: "one", part: "default" }, "owner-that-died");
    stage.clock.advance(36_000);
    const report = await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    expect(report.results).toMatchObject([{ outcome: "posted", reason: "found, from an earlier attempt" }]);
    expect(told).toEqual([]);
    expect(await messages().list(alertKey, stage.episode)).toMatchObject([
      { state: "posted", reference: { number: "found" } },
    ]);
  });

  it("is posted as any other where it is certain that there is none", async () => {
    const { sink, told } = editingSink("one", { find: () => "absent" });
    await messages().reserve({ ...alertKey, episode: stage.episode, sink: "one", part: "default" }, "owner-that-died");
    stage.clock.advance(36_000);
    const report = await notify(input({ default: findingOf() }), dependencies(configured(sink)));
    expect(outcomes(report)).toEqual(["one default posted"]);
    expect(told.map(({ context }) => context.possiblyRepeated)).toEqual([false]);
  });

  it("stays unknown where the next attempt is refused", async () => {
    const { sink, told } = recordingSink("one", lost, failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink))));
    stage.clock.advance(36_000);
    await renotify(delivery, again, dependencies(configured(sink)));
    stage.clock.advance(36_000);
    await renotify(delivery, { ...again, owner: "owner-3" }, dependencies(configured(sink)));
    expect(told.map(({ context }) => context.possiblyRepeated)).toEqual([false, true, true]);
  });
});
