/** `grouping` with `summary`: one message for a group and an interval, and what is beneath it. With the real table and a Slack. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { type NotifyInput, type NotifyReport, notify, renotify } from "../../src/sinks/notify.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import type { Sink } from "../../src/sinks/sink.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { type FakeSlack, startFakeSlack, textOf } from "../helpers/fake-slack.ts";
import { findingOf, resolvedOf } from "../helpers/findings.ts";
import { editingSink, notifyStage, onlyLater, outcomes } from "../helpers/notify-stage.ts";

const stage = notifyStage();
let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack({ channels: { alerts: {}, "cart-alerts": {} } });
});
afterEach(() => slack.close());

const sinkWith = (summary: object = {}, params: object = {}): ConfiguredSink => {
  const grouping = { group_by: ["namespace"], interval: 900, notification_mode: { summary } };
  const given = { name: "main", slack_channel: "alerts", api_key: slack.token, grouping, ...params };
  const services = { stdout: process.stdout, slackApiUrl: slack.url };
  return sinkTypes.get("slack_sink")?.create(given, services) ?? expect.fail();
};

/** Each test has a namespace of its own, as all share one table. */
const ofTest = (finding: Finding): Finding => ({
  ...finding,
  subject: { ...finding.subject, namespace: stage.episode },
});
const told = (name: string, finding: Finding, changes: Partial<NotifyInput> = {}): NotifyInput => {
  const [identifier = name] = name.split("-");
  const ours = ofTest({ ...finding, aggregationKey: identifier, title: `${name} is down` });
  const delivery = { cluster: "prod-eu", key: `alert#${name}` };
  return stage.input({ default: ours }, { delivery, base: ours, owner: `owner of ${name}`, ...changes });
};
const fires = (name: string, changes: Partial<NotifyInput> = {}, sink = sinkWith()) =>
  notify(told(name, findingOf(), changes), stage.dependencies(sink));
const resolves = (name: string, sink = sinkWith()) =>
  notify(told(name, resolvedOf(), { phase: "resolved", owner: "resolver" }), stage.dependencies(sink));
const again = (report: NotifyReport, sink = sinkWith()) =>
  renotify(
    onlyLater(report),
    { owner: "owner-2", signal: new AbortController().signal, attempt: 1 },
    stage.dependencies(sink),
  );

/** The table of the nth summary, a line for each row. */
const rowsOf = (summary = 0): readonly string[] => {
  const message = slack.messages[summary];
  const [, code = ""] = (message === undefined ? "" : textOf(message)).split("```");
  return code
    .trim()
    .split("\n")
    .map((line) => line.trim().replace(/\s+/g, " "))
    .slice(1);
};
const titlesBeneath = (summary = 0) =>
  slack.replies(slack.messages[summary]?.ts ?? "").map(({ blocks }) => Object(blocks[0]).text?.text);

describe("a summary", () => {
  it("is one message, which counts, with the findings' own in its thread", async () => {
    const reports = [];
    for (const name of ["Crash-1", "Crash-2", "Disk-1"]) reports.push(await fires(name));
    expect(reports.flatMap(outcomes)).toEqual(Array(3).fill("main default posted"));
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0] && textOf(slack.messages[0])).toContain(`Summary of namespace ${stage.episode}`);
    expect(slack.messages[0]?.edits).toBe(2);
    expect(rowsOf().slice(-2)).toEqual(["Crash 2 0", "Disk 1 0"]);
    expect(titlesBeneath()).toEqual(["Crash-1 is down", "Crash-2 is down", "Disk-1 is down"]);
    expect(slack.refusals).toEqual([]);
  });

  it("knows what resolves, as do the messages beneath it, and is green when all has", async () => {
    for (const name of ["Crash-1", "Disk-1"]) await fires(name);
    expect(outcomes(await resolves("Crash-1"))).toEqual(["main default edited"]);
    expect(rowsOf().slice(-2)).toEqual(["Disk 1 0", "Crash 0 1"]);
    expect(titlesBeneath()).toEqual(["Resolved: Crash-1 is down", "Disk-1 is down"]);
    await resolves("Disk-1");
    expect(slack.messages).toHaveLength(1);
    expect(slack.messages[0]?.attachments[0]?.color).toBe("#2e7d32");
    await fires("Crash-3");
    expect(slack.messages[0]?.attachments[0]?.color).toBe("#c62828");
    expect(rowsOf().slice(-2)).toEqual(["Crash 1 1", "Disk 0 1"]);
  });

  it("is another one in the next interval; what resolves then is counted where it began", async () => {
    await fires("Crash-1");
    stage.clock.advance(900_000);
    await fires("Crash-2");
    await resolves("Crash-1");
    expect(slack.messages).toHaveLength(2);
    expect([rowsOf(0).at(-1), rowsOf(1).at(-1)]).toEqual(["Crash 0 1", "Crash 1 0"]);
    expect([titlesBeneath(0), titlesBeneath(1)]).toEqual([["Resolved: Crash-1 is down"], ["Crash-2 is down"]]);
  });

  it("stays that of the alert where its resolution is of another group", async () => {
    await fires("Crash-1");
    const elsewhere = resolvedOf({ subject: { ...findingOf().subject, namespace: `not ${stage.episode}` } });
    const input = { ...told("Crash-1", elsewhere, { phase: "resolved", owner: "resolver" }) };
    await notify(
      { ...input, base: elsewhere, findings: () => [{ part: "default", finding: elsewhere }] },
      stage.dependencies(sinkWith()),
    );
    expect(slack.messages).toHaveLength(1);
    expect(rowsOf().at(-1)).toBe("Crash 0 1");
  });

  it("is that of each group alone", async () => {
    await fires("Crash-1");
    const other = findingOf({ subject: { ...findingOf().subject, namespace: `other ${stage.episode}` } });
    const input = told("Crash-2", other);
    await notify({ ...input, findings: () => [{ part: "default", finding: other }] }, stage.dependencies(sinkWith()));
    expect(slack.messages.map((_, index) => rowsOf(index).at(-1))).toEqual(["Crash 1 0", "KubePodCrashLooping 1 0"]);
  });

  it("counts by what it is to count by, and leaves out no number where there are many rows", async () => {
    const sink = () => sinkWith({ by: ["identifier", { labels: ["app", "none"] }], threaded: false });
    for (let index = 1; index <= 22; index += 1) await fires(`Alert${String(index).padStart(2, "0")}`, {}, sink());
    const rows = rowsOf();
    expect(rows).toContain("Alert01 checkout - 1 0");
    expect(rows.at(-1)).toBe("3 others 3 0");
  });

  it("goes where the group's label says", async () => {
    const grouping = { group_by: ["namespace", { annotations: ["channel"] }], notification_mode: { summary: {} } };
    await fires("Crash-1", {}, sinkWith({}, { grouping, channel_override: "annotations.channel" }));
    expect(slack.messages.map(({ channel }) => channel)).toEqual([slack.id("cart-alerts")]);
    expect(titlesBeneath()).toEqual(["Crash-1 is down"]);
  });
});

describe("findings without messages of their own", () => {
  const quiet = () => sinkWith({ threaded: false });

  it("are in the summary alone, and resolve there", async () => {
    const reports = [await fires("Crash-1", {}, quiet()), await fires("Crash-2", {}, quiet())];
    expect(reports.flatMap(({ results }) => results).map(({ outcome, reason }) => [outcome, reason])).toEqual(
      Array(2).fill(["skipped", "it is in its group's summary, and has no message of its own"]),
    );
    expect(outcomes(await resolves("Crash-2", quiet()))).toEqual(["main default skipped"]);
    expect(slack.messages).toHaveLength(1);
    expect(titlesBeneath()).toEqual([]);
    expect(rowsOf().at(-1)).toBe("Crash 1 1");
  });

  it("fire on in silence", async () => {
    await fires("Crash-1", {}, quiet());
    await fires("Crash-1", { repeat: 1 }, quiet());
    expect([slack.messages.length, slack.messages[0]?.edits, titlesBeneath()]).toEqual([1, 0, []]);
    expect(rowsOf().at(-1)).toBe("Crash 1 0");
  });
});

describe("an alert that fires on", () => {
  it("is a reply in the summary's thread, which the channel does not see, and counts once", async () => {
    await fires("Crash-1");
    stage.clock.advance(900_000);
    expect(outcomes(await fires("Crash-1", { repeat: 1 }))).toEqual(["main default~1 posted"]);
    expect(slack.messages).toHaveLength(1);
    expect(titlesBeneath()).toHaveLength(2);
    expect(slack.replies(slack.messages[0]?.ts ?? "").some(({ broadcast }) => broadcast)).toBe(false);
    expect(rowsOf().at(-1)).toBe("Crash 1 0");
    await resolves("Crash-1");
    expect(rowsOf().at(-1)).toBe("Crash 0 1");
  });
});

describe("exactly once", () => {
  it("counts and posts a finding once, however often its delivery is worked", async () => {
    for (const owner of ["one", "two", "three"]) await fires("Crash-1", { owner });
    expect([slack.messages.length, slack.messages[0]?.edits, titlesBeneath().length]).toEqual([1, 0, 1]);
    expect(rowsOf().at(-1)).toBe("Crash 1 0");
  });

  it("is one message for a storm of many workers, which counts them all in the end", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `Crash-${index}`);
    let open = await Promise.all(names.map((name) => fires(name)));
    for (let round = 0; round < 20 && open.some(({ later }) => later.length > 0); round += 1) {
      stage.clock.advance(5_000);
      open = await Promise.all(
        open
          .filter(({ later }) => later.length > 0)
          .map((report, index) =>
            renotify(
              onlyLater(report),
              { owner: `round ${round}, ${index}`, signal: new AbortController().signal, attempt: 1 },
              stage.dependencies(sinkWith()),
            ),
          ),
      );
    }
    expect(open.flatMap(({ later }) => later)).toEqual([]);
    expect(slack.messages).toHaveLength(1);
    expect(rowsOf().at(-1)).toBe("Crash 8 0");
    expect(titlesBeneath().sort()).toEqual(names.map((name) => `${name} is down`));
  });

  it("is edited by one worker at a time, who counts what came in the meantime", async () => {
    const { params } = sinkWith();
    const { sink: editing } = editingSink("main");
    const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const said: string[] = [];
    const sink: Sink = {
      ...editing,
      async rewrite(address, { description = "" }) {
        begun.resolve();
        await released.promise;
        said.push(description);
        return address;
      },
    };
    const dependencies = stage.dependencies({ sink, params });
    const tell = (name: string) => notify(told(name, findingOf()), dependencies);
    await tell("Crash-1");
    const slow = tell("Crash-2");
    await begun.promise;
    const meanwhile = await tell("Crash-3");
    expect(meanwhile.results).toMatchObject([{ outcome: "failed", reason: "another worker is editing the summary" }]);
    released.resolve();
    expect((await slow).later).toEqual([]);
    expect(said).toEqual(["*2* firing, *0* resolved", "*3* firing, *0* resolved"]);
    expect((await again(meanwhile, { sink, params })).later).toEqual([]);
    expect(said).toHaveLength(2);
  });

  it("finds a lost summary, and a lost message beneath it", async () => {
    slack.fail("chat.postMessage", { drops: true, applied: true });
    const lost = await fires("Crash-1");
    expect(lost.results[0]?.reason).toContain("the summary: Slack chat.postMessage");
    stage.clock.advance(36_000);
    await again(lost);
    slack.fail("chat.postMessage", { drops: true, applied: true });
    const beneath = await fires("Crash-2");
    stage.clock.advance(36_000);
    await again(beneath);
    expect(slack.messages).toHaveLength(1);
    expect(titlesBeneath()).toEqual(["Crash-1 is down", "Crash-2 is down"]);
    expect(rowsOf().at(-1)).toBe("Crash 2 0");
  });

  it.each([
    ["the summary is not posted", "chat.postMessage", "Crash-2"],
    ["it is not edited", "chat.update", "Crash-1"],
  ])("is told again where %s for now", async (_, method, name) => {
    if (name === "Crash-1") await fires("Crash-0");
    slack.fail(method, { rateLimited: 30 });
    const report = await fires(name);
    expect(report.results).toMatchObject([{ outcome: "failed", retryAt: stage.clock.now() + 30_000 }]);
    stage.clock.advance(30_000);
    expect((await again(report)).later).toEqual([]);
    expect(slack.messages).toHaveLength(1);
    expect(new Set(titlesBeneath()).size).toBe(titlesBeneath().length);
    expect(rowsOf().at(-1)).toBe(name === "Crash-1" ? "Crash 2 0" : "Crash 1 0");
  });

  it("is a new message where somebody removed it, with what comes then beneath the new one", async () => {
    await fires("Crash-1");
    slack.remove(slack.messages[0]?.ts ?? "");
    await fires("Crash-2");
    expect(slack.messages.filter((message) => textOf(message).includes("Summary of"))).toHaveLength(1);
    await fires("Crash-3");
    const summary = slack.messages.findIndex((message) => textOf(message).includes("Summary of"));
    expect(rowsOf(summary).at(-1)).toBe("Crash 3 0");
    expect(titlesBeneath(summary)).toEqual(["Crash-3 is down"]);
  });

  it("lets messages be that were posted before there were summaries", async () => {
    await fires("Crash-1", {}, sinkWith({}, { grouping: undefined }));
    expect(outcomes(await resolves("Crash-1"))).toEqual(["main default edited"]);
    expect(slack.messages).toHaveLength(1);
  });
});
