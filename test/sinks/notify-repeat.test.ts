import { describe, expect, it } from "vitest";
import { notify, renotify } from "../../src/sinks/notify.ts";
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
const first = (parts: Parts = { default: findingOf() }) => stage.input(parts);
const repeat = (
  number: number,
  parts: Parts = { default: findingOf({ title: `Repeat ${number}` }) },
  owner = "owner",
) => stage.input(parts, { repeat: number, owner: `${owner}-of-${number}` });
const resolution = () => stage.input({}, { phase: "resolved", base: resolvedOf(), owner: "owner-of-the-end" });
const again = { owner: "owner-again", signal: new AbortController().signal, attempt: 1 };

describe("an alert that fires on", () => {
  it("is told as a reply to the message that is there, once for each repeat", async () => {
    const { sink, told, replies } = editingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    expect(outcomes(await notify(repeat(1), dependencies))).toEqual(["one default~1 posted"]);
    expect(outcomes(await notify(repeat(1, undefined, "other"), dependencies))).toEqual(["one default~1 skipped"]);
    expect(outcomes(await notify(repeat(2), dependencies))).toEqual(["one default~2 posted"]);
    expect(told).toHaveLength(1);
    expect(replies.map(({ address, finding }) => [address.number, finding.title])).toEqual([
      ["1", "Repeat 1"],
      ["1", "Repeat 2"],
    ]);
    expect(new Set(replies.map(({ context }) => context.messageId)).size).toBe(2);
  });

  it("is told once by two workers at the same moment", async () => {
    const { sink, replies } = editingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    await Promise.all(["one", "other"].map((owner) => notify(repeat(1, undefined, owner), dependencies)));
    expect(replies).toHaveLength(1);
  });

  it("replies to the message of the same part, and else to the first one", async () => {
    const { sink, replies } = editingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    await notify(first({ default: findingOf(), "Other#1": findingOf() }), dependencies);
    const parts = { "Other#1": findingOf({ title: "Other" }), "New#1": findingOf({ title: "New" }) };
    await notify(repeat(1, parts), dependencies);
    expect(replies.map(({ address, finding }) => [finding.title, address.number])).toEqual([
      ["Other", "2"],
      ["New", "1"],
    ]);
  });

  it("is a message of its own where the sink has no replies", async () => {
    const { sink, titles } = recordingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    expect(outcomes(await notify(repeat(1), dependencies))).toEqual(["one default~1 posted"]);
    expect(outcomes(await notify(repeat(1, undefined, "other"), dependencies))).toEqual(["one default~1 skipped"]);
    expect(titles()).toEqual(["Pod shop/checkout-7d9f is crash looping firing", "Repeat 1 firing"]);
  });

  it("is the sink's first message where it has none, which resolves", async () => {
    const { sink, told, replies, edits } = editingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    expect(outcomes(await notify(repeat(1), dependencies))).toEqual(["one default posted"]);
    await notify(repeat(2), dependencies);
    await notify(resolution(), dependencies);
    expect([told.length, replies.length, edits.length]).toEqual([1, 1, 1]);
  });

  it("takes the place of a message that is gone, and resolves in its stead", async () => {
    const { sink, told, edits } = editingSink("one", { reply: () => "gone" });
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    expect(outcomes(await notify(repeat(1), dependencies))).toEqual(["one default~1 posted"]);
    expect(told).toHaveLength(2);
    await notify(resolution(), dependencies);
    expect(edits.map(({ address }) => address.number)).toEqual(["2"]);
  });

  it("goes only where it is taken", async () => {
    const { sink, replies } = editingSink("one");
    await notify(first(), stage.dependencies(configured(sink)));
    const picky = configured(sink, { match: { severity: "LOW" } });
    expect(outcomes(await notify(repeat(1), stage.dependencies(picky)))).toEqual(["one default skipped"]);
    expect(replies).toEqual([]);
  });
});

describe("a reply that the sink did not take", () => {
  it("is tried again as a reply", async () => {
    const answers = [failing({ retryable: true })];
    const { sink, told, replies } = editingSink("one", { reply: () => answers.shift()?.() ?? { number: "reply" } });
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    const delivery = onlyLater(await notify(repeat(1), dependencies));
    expect(outcomes(await renotify(delivery, again, dependencies))).toEqual(["one default~1 posted"]);
    expect(outcomes(await renotify(delivery, again, dependencies))).toEqual(["one default~1 skipped"]);
    expect([told.length, replies.length]).toEqual([1, 2]);
  });

  it("is not told again where it is found", async () => {
    const lost = [failing({ retryable: true, outcomeUnknown: true })];
    const { sink, replies } = editingSink("one", {
      reply: () => lost.shift()?.() ?? expect.fail("it was there"),
      find: () => ({ number: "found" }),
    });
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    const delivery = onlyLater(await notify(repeat(1), dependencies));
    stage.clock.advance(36_000);
    const report = await renotify(delivery, again, dependencies);
    expect(report.results).toMatchObject([{ outcome: "posted", reason: "found, from an earlier attempt" }]);
    expect(replies).toHaveLength(1);
  });

  it("says that the alert has resolved where it is told only then", async () => {
    const answers = [failing({ retryable: true })];
    const { sink, replies, edits } = editingSink("one", {
      reply: () => answers.shift()?.() ?? { number: "reply" },
    });
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    const delivery = onlyLater(await notify(repeat(1), dependencies));
    const resolvedAt = stage.clock.now();
    await renotify(delivery, { ...again, resolvedAt }, dependencies);
    await renotify(delivery, { ...again, resolvedAt }, dependencies);
    expect(replies.map(({ finding }) => finding.status)).toEqual(["firing", "resolved"]);
    expect(edits).toEqual([]);
  });
});

describe("an alert that resolves after repeats", () => {
  it("edits the message that was posted when it began, and no reply", async () => {
    const { sink, told, edits } = editingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    for (const number of [1, 2, 10]) await notify(repeat(number), dependencies);
    expect(outcomes(await notify(resolution(), dependencies))).toEqual(["one default edited"]);
    expect([told.length, edits.map(({ address }) => address.number)]).toEqual([1, ["1"]]);
    expect(await stage.messages().list(alertKey, stage.episode)).toHaveLength(4);
  });

  it("is told once where the sink cannot edit", async () => {
    const { sink, titles } = recordingSink("one");
    const dependencies = stage.dependencies(configured(sink));
    await notify(first(), dependencies);
    await notify(repeat(1), dependencies);
    await notify(resolution(), dependencies);
    expect(titles().at(-1)).toBe("Pod shop/checkout-7d9f is crash looping resolved");
    expect(titles()).toHaveLength(3);
  });
});
