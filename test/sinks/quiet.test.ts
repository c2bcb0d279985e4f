/** Hours of activity and mute intervals: what counts as quiet, and what a quiet sink is still told. */
import { describe, expect, it } from "vitest";
import { notify, renotify } from "../../src/sinks/notify.ts";
import { quietReason } from "../../src/sinks/quiet.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { findingOf, resolvedOf } from "../helpers/findings.ts";
import {
  configured,
  editingSink,
  failing,
  notifyStage,
  onlyLater,
  outcomes,
  recordingSink,
} from "../helpers/notify-stage.ts";

const parse = (params: object) => sinkTypes.get("file_sink")?.params.safeParse({ name: "all", ...params });
const paramsOf = (params: object) => parse(params)?.data ?? expect.fail("the params do not fit");
const reasonAt = (params: object, at: string) => quietReason(paramsOf(params), Date.parse(at));

const office = { days: ["MON", "TUE", "WED", "THR", "FRI"], hours: [{ start: "09:00", end: "17:30" }] };
const night = { days: ["FRI"], hours: [{ start: "22:00", end: "6:00" }] };
const twice = {
  days: ["MON"],
  hours: [
    { start: "08:00", end: "12:00" },
    { start: "13:00", end: "17:00" },
  ],
};
const at = (timezone: string, ...intervals: object[]) => ({ activity: { timezone, intervals } });

describe("hours of activity", () => {
  // 2026-07-30 is a Thursday.
  it.each([
    ["from the start on", at("UTC", office), "2026-07-30T09:00:00Z", "active"],
    ["to the end, which is not in it", at("UTC", office), "2026-07-30T17:29:59Z", "active"],
    ["not at the end", at("UTC", office), "2026-07-30T17:30:00Z", "quiet"],
    ["not before", at("UTC", office), "2026-07-30T08:59:59Z", "quiet"],
    ["not on other days", at("UTC", office), "2026-08-01T12:00:00Z", "quiet"],
    ["Thursday as we write it", at("UTC", { days: ["thu"] }), "2026-07-30T00:00:00Z", "active"],
    ["Thursday as the model writes it", at("UTC", { days: ["THR"] }), "2026-07-30T23:59:59Z", "active"],
    ["whole days without hours", at("UTC", { days: ["THU"] }), "2026-07-31T00:00:00Z", "quiet"],
    ["the first of two ranges", at("UTC", twice), "2026-08-03T11:59:59Z", "active"],
    ["between two ranges", at("UTC", twice), "2026-08-03T12:30:00Z", "quiet"],
    ["the second of two ranges", at("UTC", twice), "2026-08-03T13:00:00Z", "active"],
    ["the second of two intervals", at("UTC", night, twice), "2026-08-03T08:00:00Z", "active"],
    ["over midnight, before it", at("UTC", night), "2026-07-31T22:00:00Z", "active"],
    ["over midnight, after it", at("UTC", night), "2026-08-01T05:59:59Z", "active"],
    ["over midnight, at its end", at("UTC", night), "2026-08-01T06:00:00Z", "quiet"],
    ["over midnight, on the morning before", at("UTC", night), "2026-07-31T05:00:00Z", "quiet"],
    ["over midnight, on the evening after", at("UTC", night), "2026-08-01T22:00:00Z", "quiet"],
    ["over the end of the week", at("UTC", { ...night, days: ["SUN"] }), "2026-08-03T05:00:00Z", "active"],
    [
      "to 23:59, which is the end",
      at("UTC", { days: ["THU"], hours: [{ start: "20:00", end: "23:59" }] }),
      "2026-07-30T23:59:59Z",
      "active",
    ],
    [
      "to 24:00",
      at("UTC", { days: ["THU"], hours: [{ start: "20:00", end: "24:00" }] }),
      "2026-07-30T23:59:59Z",
      "active",
    ],
    [
      "to 00:00",
      at("UTC", { days: ["THU"], hours: [{ start: "20:00", end: "00:00" }] }),
      "2026-07-30T23:59:59Z",
      "active",
    ],
    [
      "to 00:00, and no longer",
      at("UTC", { days: ["THU"], hours: [{ start: "20:00", end: "00:00" }] }),
      "2026-07-31T00:00:00Z",
      "quiet",
    ],
    ["in summer time", at("Europe/Berlin", office), "2026-07-30T07:00:00Z", "active"],
    ["in winter time", at("Europe/Berlin", office), "2026-12-03T07:00:00Z", "quiet"],
    ["where the day is another one", at("Asia/Tokyo", { days: ["FRI"] }), "2026-07-30T15:00:00Z", "active"],
    ["where it is half an hour off", at("Asia/Kolkata", office), "2026-07-30T03:30:00Z", "active"],
    [
      "in the hour that comes twice, first",
      at("Europe/Berlin", { days: ["SUN"], hours: [{ start: "02:00", end: "03:00" }] }),
      "2026-10-25T00:30:00Z",
      "active",
    ],
    [
      "in the hour that comes twice, again",
      at("Europe/Berlin", { days: ["SUN"], hours: [{ start: "02:00", end: "03:00" }] }),
      "2026-10-25T01:30:00Z",
      "active",
    ],
    [
      "around the hour that does not come",
      at("Europe/Berlin", { days: ["SUN"], hours: [{ start: "02:00", end: "03:00" }] }),
      "2026-03-29T01:00:00Z",
      "quiet",
    ],
  ])("%s", (_, params, time, expected) => {
    expect(reasonAt(params, time) === undefined ? "active" : "quiet").toBe(expected);
  });

  it("says what time it is there", () => {
    expect(reasonAt(at("Europe/Berlin", office), "2026-08-01T10:41:07Z")).toBe(
      "outside its hours of activity: it is SAT 12:41 (Europe/Berlin)",
    );
  });
});

describe("mute intervals", () => {
  const mute = (start_date: string, end_date: string, timezone?: string) => ({
    mute_intervals: [{ start_date, end_date, ...(timezone === undefined ? {} : { timezone }) }],
  });
  it.each([
    ["before", mute("2026-08-01 10:00", "2026-08-02 10:00"), "2026-08-01T09:59:59Z", undefined],
    [
      "from the start on",
      mute("2026-08-01 10:00", "2026-08-02 10:00"),
      "2026-08-01T10:00:00Z",
      "muted until 2026-08-02 10:00 (UTC)",
    ],
    ["at the end", mute("2026-08-01 10:00", "2026-08-02 10:00"), "2026-08-02T10:00:00Z", undefined],
    [
      "in another zone",
      mute("2026-12-24 18:00", "2026-12-25 00:00", "America/New_York"),
      "2026-12-25T04:59:59Z",
      "muted until 2026-12-25 00:00 (America/New_York)",
    ],
    [
      "over a new year",
      mute("2026-12-31 12:00", "2027-01-01 12:00"),
      "2027-01-01T00:00:00Z",
      "muted until 2027-01-01 12:00 (UTC)",
    ],
  ])("%s", (_, params, time, reason) => {
    expect(reasonAt(params, time)).toBe(reason);
  });
});

describe("params", () => {
  it.each([
    [at("Europe/Nowhere", office), /activity.timezone This is no time zone/],
    [at("UTC"), /Give at least one interval/],
    [at("UTC", { days: [] }), /Give at least one day/],
    [at("UTC", { days: ["Thursday"] }), /Days are MON, TUE/],
    [at("UTC", { days: ["MON"], hours: [] }), /leave `hours` out/],
    [at("UTC", { days: ["MON"], hours: [{ start: "9", end: "17:00" }] }), /A time is given as in `09:30`/],
    [at("UTC", { days: ["MON"], hours: [{ start: "09:00", end: "24:01" }] }), /at most `24:00`/],
    [at("UTC", { days: ["MON"], hours: [{ start: "9:00", end: "09:00" }] }), /It ends when it begins/],
    [{ mute_intervals: [{ start_date: "2026-02-30 10:00", end_date: "2026-03-01 10:00" }] }, /There is no such date/],
    [{ mute_intervals: [{ start_date: "1 May 2026", end_date: "2026-05-02 10:00" }] }, /A date is given as in/],
    [{ mute_intervals: [{ start_date: "2026-05-02 10:00", end_date: "2026-05-01 10:00" }] }, /not after `start_date`/],
  ])("%j are refused", (params, problem) => {
    const issues = parse(params)?.error?.issues ?? [];
    expect(issues.map(({ message, path }) => `${path.join(".")} ${message}`).join("; ")).toMatch(problem);
  });
});

describe("a quiet sink", () => {
  const stage = notifyStage();
  const { dependencies, input } = stage;
  /** Of the day on which the stage's clock stands at noon. */
  const params = paramsOf(at("UTC", { days: ["SAT"], hours: [{ start: "08:00", end: "14:00" }] }));
  const reason = "outside its hours of activity: it is SAT 15:00 (UTC)";
  const resolution = (parts = {}) => input(parts, { phase: "resolved", base: resolvedOf(), owner: "owner-2" });
  const intoTheQuiet = () => stage.clock.advance(3 * 3_600_000);

  it("is told nothing new, also not later, and does not stop the sinks behind it", async () => {
    const [one, two] = [recordingSink("one"), recordingSink("two")];
    const sinks = dependencies(configured(one.sink, { ...params, stop: true }), configured(two.sink));
    intoTheQuiet();
    const report = await notify(input({ default: findingOf() }), sinks);
    expect(report).toEqual({
      results: [
        { sink: "two", part: "default", outcome: "posted" },
        { sink: "one", part: "default", outcome: "skipped", reason },
      ],
      later: [],
      dead: [],
    });
    expect([one.told.length, two.told.length]).toEqual([0, 1]);
  });

  it("hears of no alert that fires on", async () => {
    const { sink, replies, told } = editingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink, params)));
    intoTheQuiet();
    const report = await notify(input({ default: findingOf() }, { repeat: 1 }), dependencies(configured(sink, params)));
    expect(report.results).toEqual([{ sink: "one", part: "default", outcome: "skipped", reason }]);
    expect([told.length, replies.length]).toEqual([1, 0]);
  });

  it("sees its messages resolve, with nothing new beneath them", async () => {
    const { sink, edits, told } = editingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink, params)));
    intoTheQuiet();
    const found = resolvedOf({ enrichments: [{ blocks: [] }] });
    const report = await notify(resolution({ default: found }), dependencies(configured(sink, params)));
    expect(outcomes(report)).toEqual(["one default edited", "one default skipped"]);
    expect(edits.map(({ finding }) => [finding.status, finding.enrichments])).toEqual([["resolved", []]]);
    expect(told).toHaveLength(1);
  });

  it("hears of no resolution of what it was not told", async () => {
    const { sink, edits, told } = editingSink("one");
    intoTheQuiet();
    await notify(input({ default: findingOf() }), dependencies(configured(sink, params)));
    const report = await notify(resolution({ default: resolvedOf() }), dependencies(configured(sink, params)));
    expect(report.results).toEqual([{ sink: "one", part: "default", outcome: "skipped", reason }]);
    expect([told.length, edits.length]).toEqual([0, 0]);
  });

  it("that cannot edit is not told of a resolution, and the record says why", async () => {
    const { sink, told } = recordingSink("one");
    await notify(input({ default: findingOf() }), dependencies(configured(sink, params)));
    intoTheQuiet();
    const report = await notify(resolution(), dependencies(configured(sink, params)));
    expect(report.results).toEqual([{ sink: "one", part: "default~resolved", outcome: "skipped", reason }]);
    expect(told).toHaveLength(1);
  });

  it("is told what it had to be told before and did not take", async () => {
    const { sink, told } = recordingSink("one", failing({ retryable: true }));
    const delivery = onlyLater(await notify(input({ default: findingOf() }), dependencies(configured(sink, params))));
    intoTheQuiet();
    const again = { owner: "owner-2", signal: new AbortController().signal, attempt: 2 };
    expect(outcomes(await renotify(delivery, again, dependencies(configured(sink, params))))).toEqual([
      "one default posted",
    ]);
    expect(told).toHaveLength(2);
  });
});
