/** `digest`: what a sink was not told while it was quiet is told afterwards, once, whoever works and whatever dies. With the real table. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { type NotifyInput, notify } from "../../src/sinks/notify.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { findingOf, resolvedOf } from "../helpers/findings.ts";
import { configured, editingSink, failing, notifyStage, outcomes, recordingSink } from "../helpers/notify-stage.ts";

const hour = 3_600_000;
const stage = notifyStage();
const days = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
const paramsOf = (params: object) =>
  sinkTypes.get("file_sink")?.params.parse({ name: "all", ...params }) ?? expect.fail();
/** The clock begins at 12:00 in UTC: 13:00 in Berlin. */
const activity = { timezone: "Europe/Berlin", intervals: [{ days, hours: [{ start: "09:00", end: "15:00" }] }] };
const digested = paramsOf({ activity, digest: true });

/** All tests share one table, so that each has a sink of its own. */
let sinks = 0;
let name = "";
beforeEach(() => {
  sinks += 1;
  name = `sink-${sinks}`;
});
const intoTheQuiet = () => stage.clock.advance(3 * hour);
const intoTheMorning = () => stage.clock.advance(18 * hour);

const about = (alert: string, changes: Partial<Finding> = {}) =>
  findingOf({ title: `${alert} is down`, subject: { ...findingOf().subject, name: alert }, ...changes });
const worked = (sink: ConfiguredSink, alert: string, finding: Finding, changes: Partial<NotifyInput> = {}) => {
  const delivery = { cluster: finding.cluster, key: `alert#${alert}` };
  const phase = finding.status;
  const input = stage.input({ default: finding }, { delivery, phase, base: finding, owner: `of ${alert}`, ...changes });
  return notify(input, stage.dependencies(sink));
};
const fires = (sink: ConfiguredSink, alert: string, changes: Partial<NotifyInput> = {}) =>
  worked(sink, alert, about(alert), changes);
const resolves = (sink: ConfiguredSink, alert: string) =>
  worked(sink, alert, about(alert, resolvedOf({ title: `${alert} is down` })));

const rowsOf = ({ enrichments }: Finding) =>
  enrichments.flatMap(({ blocks }) => blocks).flatMap((block) => (block.type === "table" ? block.rows : []));
const digestsOf = (told: readonly { readonly finding: Finding }[]) =>
  told.map(({ finding }) => finding).filter(({ aggregationKey }) => aggregationKey === "digest");

describe("a digest", () => {
  it("is told with the first delivery after the quiet, before it, and once", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    const report = await fires(one, "a");
    expect(report.results).toEqual([
      {
        sink: name,
        part: "default",
        outcome: "skipped",
        reason: "outside its hours of activity: it is SAT 16:00 (Europe/Berlin); its digest tells it",
      },
    ]);
    stage.clock.advance(hour);
    await worked(one, "b", about("b", { severity: "LOW", cluster: "prod-us" }));
    expect(told).toHaveLength(0);
    intoTheMorning();
    expect(outcomes(await fires(one, "c"))).toEqual([`${name} digest posted`, `${name} default posted`]);
    await fires(one, "d");
    expect(told.map(({ finding }) => finding.title)).toEqual([
      "Digest of quiet time: 2 findings",
      "c is down",
      "d is down",
    ]);
    const [digest = expect.fail()] = digestsOf(told);
    expect(digest).toMatchObject({ severity: "HIGH", source: "none", status: "firing", cluster: "" });
    expect(rowsOf(digest)).toEqual([
      ["2026-01-31 16:00", "HIGH", "a is down", "pod shop/a in prod-eu", "1", "firing"],
      ["2026-01-31 17:00", "LOW", "b is down", "pod shop/b in prod-us", "1", "firing"],
    ]);
  });

  it("is that of the next quiet, with what came then", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    for (const alert of ["a", "b"]) {
      intoTheQuiet();
      await fires(one, alert);
      intoTheMorning();
      await fires(one, `after ${alert}`);
      stage.clock.advance(3 * hour);
    }
    expect(digestsOf(told).map((digest) => rowsOf(digest).map(([, , title]) => title))).toEqual([
      ["a is down"],
      ["b is down"],
    ]);
  });

  it.each<[string, object]>([
    ["nothing asks for it", { activity }],
    ["the sink takes no such finding", { activity, digest: true, match: { title: "other" } }],
    ["nothing was quiet", { digest: true }],
  ])("is not told where %s", async (_, params) => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, paramsOf(params));
    intoTheQuiet();
    await fires(one, "a");
    intoTheMorning();
    await fires(one, "b");
    expect(digestsOf(told)).toEqual([]);
  });

  it("is told of mute intervals too, by a delivery that the sink is not told of itself", async () => {
    const { sink, told } = recordingSink(name);
    const mute_intervals = [{ start_date: "2026-01-31 00:00", end_date: "2026-02-01 00:00" }];
    const one = configured(sink, paramsOf({ mute_intervals, digest: true, match: { title: "a" } }));
    await fires(one, "a");
    stage.clock.advance(12 * hour);
    expect(outcomes(await fires(one, "b"))).toEqual([`${name} digest posted`, `${name} default skipped`]);
    expect(rowsOf(told[0]?.finding ?? expect.fail())).toEqual([
      ["2026-01-31 12:00", "HIGH", "a is down", "pod shop/a", "1", "firing"],
    ]);
  });

  it("says the same of the same once, the gravest first, and leaves out no number", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    for (const repeat of [0, 1, 2]) await fires(one, "again", { repeat });
    await resolves(one, "over");
    for (let index = 0; index < 100; index += 1) {
      await worked(one, `many-${index}`, about(`many-${index}`, { severity: "LOW" }));
    }
    intoTheMorning();
    await fires(one, "morning");
    const [digest = expect.fail()] = digestsOf(told);
    expect(digest.title).toBe("Digest of quiet time: 104 findings");
    expect(digest.description).toBe("*103* firing, *1* resolved; 2 rows more");
    expect(rowsOf(digest)).toHaveLength(100);
    expect(digest.enrichments.map(({ title }) => title)).toEqual([undefined, "Less grave"]);
    expect(rowsOf(digest)[0]?.slice(1)).toEqual(["HIGH", "again is down", "pod shop/again", "3", "firing"]);
  });

  it("knows what has resolved, in the quiet and after it", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    for (const alert of ["a", "b", "c"]) await fires(one, alert);
    await resolves(one, "a");
    await resolves(one, "never seen");
    intoTheMorning();
    await resolves(one, "b");
    const [digest = expect.fail()] = digestsOf(told);
    expect(digest.description).toBe("*1* firing, *3* resolved");
    expect(rowsOf(digest).map(([, , title, , times, now]) => [title, times, now])).toEqual([
      ["c is down", "1", "firing"],
      ["a is down", "1", "resolved"],
      ["b is down", "1", "resolved"],
      ["never seen is down", "1", "resolved"],
    ]);
  });

  it("leaves out what resolved in the message that tells of it", async () => {
    const { sink, told, edits } = editingSink(name);
    const one = configured(sink, digested);
    await fires(one, "a");
    intoTheQuiet();
    expect(outcomes(await resolves(one, "a"))).toEqual([`${name} default edited`, `${name} default skipped`]);
    intoTheMorning();
    await fires(one, "b");
    expect([edits.length, digestsOf(told).length]).toEqual([1, 0]);
  });
});

describe("exactly once", () => {
  it("counts a finding once, however often and whenever its delivery is worked", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    for (const owner of ["one", "two"]) await fires(one, "a", { owner });
    intoTheMorning();
    await fires(one, "b");
    stage.clock.advance(3 * hour);
    intoTheQuiet();
    await fires(one, "a", { owner: "three" });
    intoTheMorning();
    await fires(one, "c");
    expect(digestsOf(told).map(rowsOf)).toEqual([[expect.arrayContaining(["a is down", "1"])]]);
  });

  it("is one message for many workers at once", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    await Promise.all(["a", "b", "c", "d"].map((alert) => fires(one, alert)));
    intoTheMorning();
    await Promise.all(["e", "f", "g", "h"].map((alert) => fires(one, alert)));
    await fires(one, "i");
    expect(digestsOf(told).map(({ title }) => title)).toEqual(["Digest of quiet time: 4 findings"]);
    expect(told).toHaveLength(6);
  });

  it("is told by the next worker where one died before it posted", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    await fires(one, "a");
    intoTheMorning();
    const { digests } = stage.dependencies();
    expect(await digests.due(name)).toMatchObject({ entries: [{ resolved: false }] });
    await fires(one, "b");
    expect(digestsOf(told)).toHaveLength(1);
  });

  it("is not told again where one died after it posted", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    const dying = stage.dependencies(one);
    intoTheQuiet();
    await fires(one, "a");
    intoTheMorning();
    const died = { ...dying.digests, told: failing({ retryable: true }) };
    const finding = about("b");
    const input = stage.input({ default: finding }, { delivery: { cluster: "prod-eu", key: "alert#b" } });
    await notify(input, { ...dying, digests: died });
    expect(outcomes(await fires(one, "c"))).toEqual([`${name} digest skipped`, `${name} default posted`]);
    expect(outcomes(await fires(one, "d"))).toEqual([`${name} default posted`]);
    expect(digestsOf(told)).toHaveLength(1);
  });

  it.each<[string, boolean, string, number]>([
    [
      "tried again with the next delivery where that may help",
      true,
      "it said no; tried again with the next delivery",
      2,
    ],
    ["given up where it does not", false, "it said no; given up", 1],
  ])("is %s", async (_, retryable, reason, attempts) => {
    const { sink, told } = recordingSink(name, failing({ retryable }));
    const one = configured(sink, digested);
    intoTheQuiet();
    await fires(one, "a");
    intoTheMorning();
    const { results } = await fires(one, "b");
    expect(results).toEqual([
      { sink: name, part: "digest", outcome: "failed", reason },
      { sink: name, part: "default", outcome: "posted" },
    ]);
    for (const alert of ["c", "d"]) await fires(one, alert);
    expect(digestsOf(told)).toHaveLength(attempts);
  });

  it("tells nobody anything where what is not told cannot be kept, so that the delivery comes again", async () => {
    const [one, two] = [recordingSink(name), recordingSink("beside")];
    const all = stage.dependencies(configured(one.sink, digested), configured(two.sink));
    intoTheQuiet();
    const away = { ...all.digests, hold: failing({ retryable: true }) };
    const input = stage.input({ default: findingOf() });
    await expect(notify(input, { ...all, digests: away })).rejects.toThrow("it said no");
    expect(two.told).toHaveLength(0);
  });

  it("is nothing once it is two weeks old", async () => {
    const { sink, told } = recordingSink(name);
    const one = configured(sink, digested);
    intoTheQuiet();
    await fires(one, "a");
    stage.clock.advance(14 * 24 * hour);
    intoTheMorning();
    await fires(one, "b");
    expect(told.map(({ finding }) => finding.title)).toEqual(["b is down"]);
  });
});
