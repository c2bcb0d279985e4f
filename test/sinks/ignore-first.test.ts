/** `grouping` with `ignore_first`: what counts as one group, what is left out, and what becomes of it afterwards. */
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { groupName, groupWords, traitsOf } from "../../src/sinks/grouping.ts";
import { type NotifyInput, notify } from "../../src/sinks/notify.ts";
import type { ConfiguredSink } from "../../src/sinks/route.ts";
import { sinkTypes } from "../../src/sinks/sink-types.ts";
import { findingOf, resolvedOf } from "../helpers/findings.ts";
import { configured, editingSink, failing, notifyStage, outcomes, recordingSink } from "../helpers/notify-stage.ts";

const parse = (grouping: object) => sinkTypes.get("file_sink")?.params.safeParse({ name: "all", grouping });
const paramsOf = (grouping: object) => parse(grouping)?.data ?? expect.fail("the params do not fit");
const groupBy = (...group_by: readonly unknown[]) =>
  paramsOf({ group_by, notification_mode: { regular: {} } }).grouping?.group_by ?? [];

describe("a group", () => {
  const { subject } = findingOf();
  const without = findingOf({ subject: { name: "x", kind: "none", labels: {}, annotations: {} } });
  it.each<[unknown[], Finding, string]>([
    [["cluster"], findingOf(), "cluster prod-eu"],
    [["identifier", "severity"], findingOf(), "identifier KubePodCrashLooping, severity HIGH"],
    [["source", "fingerprint"], findingOf(), "source prometheus, fingerprint 0123456789abcdef"],
    [["title"], findingOf(), "title Pod shop/checkout-7d9f is crash looping"],
    [["kind", "namespace", "name", "node"], findingOf(), "kind pod, namespace shop, name checkout-7d9f, node worker-1"],
    [["namespace", "node"], without, "no namespace, no node"],
    [["workload"], findingOf(), "workload pod/checkout-7d9f"],
    [
      ["workload"],
      findingOf({ subject: { ...subject, workload: "deployment/checkout" } }),
      "workload deployment/checkout",
    ],
    [[{ labels: ["app", "missing"] }], findingOf(), "label app checkout, no label missing"],
    [[{ annotations: ["channel"] }, "cluster"], findingOf(), "annotation channel cart-alerts, cluster prod-eu"],
    [[{ labels: ["constructor"] }], findingOf(), "no label constructor"],
  ])("by %j is that of %#", (by, finding, words) => {
    expect(groupWords(traitsOf(finding, groupBy(...by)))).toBe(words);
  });

  it.each<[string, [string, string | undefined][], [string, string | undefined][]]>([
    ["another value", [["node", "a"]], [["node", "b"]]],
    ["no value", [["node", "a"]], [["node", undefined]]],
    ["a value that reads like none", [["node", "-"]], [["node", undefined]]],
    ["an empty value", [["node", ""]], [["node", undefined]]],
    [
      "another's value",
      [
        ["label a", "1"],
        ["label b", undefined],
      ],
      [
        ["label a", undefined],
        ["label b", "1"],
      ],
    ],
  ])("with %s is another one", (_, ...groups) => {
    const [one, other] = groups.map((traits) =>
      groupName(
        "slack",
        traits.map(([name, value]) => ({ name, value })),
      ),
    );
    expect(one).not.toEqual(other);
  });
});

describe("params", () => {
  const regular = { regular: { ignore_first: 2 } };
  it("have the model's defaults", () => {
    expect(paramsOf({ notification_mode: { regular: {} } }).grouping).toEqual({
      group_by: ["cluster"],
      interval: 900,
      notification_mode: { regular: { ignore_first: 0 } },
    });
  });

  it.each([
    [{ notification_mode: {} }, /Say how, in one way: `regular/],
    [{}, /notification_mode/],
    [
      { notification_mode: { summary: { threaded: true } } },
      /A summary is edited, .* this sink cannot do; slack_sink can/,
    ],
    [{ group_by: [], notification_mode: regular }, /at least one attribute/],
    [{ group_by: ["type"], notification_mode: regular }, /Findings are grouped by cluster, identifier/],
    [{ group_by: [{ label: ["a"] }], notification_mode: regular }, /Findings are grouped by/],
    [{ interval: 0, notification_mode: regular }, /interval/],
    [{ notification_mode: { regular: { ignore_first: 1_001 } } }, /ignore_first/],
  ])("%j are refused", (grouping, problem) => {
    const issues = parse(grouping)?.error?.issues ?? [];
    expect(issues.map(({ message, path }) => `${path.join(".")} ${message}`).join("; ")).toMatch(problem);
  });
});

describe("a sink that ignores the first two", () => {
  const stage = notifyStage();
  const params = paramsOf({
    group_by: ["namespace"],
    interval: 900,
    notification_mode: { regular: { ignore_first: 2 } },
  });
  /** Each test has a namespace of its own, as all share one table. */
  const ofTest = (changes: Partial<Finding> = {}) =>
    findingOf({ ...changes, subject: { ...findingOf().subject, namespace: stage.episode } });
  const to = (sink: ConfiguredSink["sink"]) => stage.dependencies(configured(sink, params));
  const firing = (changes: Partial<NotifyInput> = {}, finding = ofTest()) =>
    stage.input({ default: finding }, { base: finding, ...changes });
  const resolution = (changes: Partial<NotifyInput> = {}) => {
    const { endsAt } = resolvedOf();
    const finding = ofTest({ status: "resolved", ...(endsAt === undefined ? {} : { endsAt }) });
    return stage.input({ default: finding }, { phase: "resolved", base: finding, owner: "owner-2", ...changes });
  };
  const alert = (name: string) => ({ delivery: { cluster: "prod-eu", key: `alert#${name}` } });

  it("is told of the third, and the record says why not of the others", async () => {
    const { sink, told } = editingSink("one");
    const reports = [];
    for (const name of ["a", "b", "c", "d"]) reports.push(await notify(firing(alert(name)), to(sink)));
    expect(reports.flatMap(outcomes)).toEqual([
      "one default skipped",
      "one default skipped",
      "one default posted",
      "one default posted",
    ]);
    expect(reports[0]?.results[0]?.reason).toBe(
      `among the first 2 of its group (namespace ${stage.episode}) within 15m, which are not told`,
    );
    expect(told).toHaveLength(2);
  });

  it("counts anew when the interval is over", async () => {
    const { sink, told } = editingSink("one");
    for (const name of ["a", "b", "c"]) await notify(firing(alert(name)), to(sink));
    stage.clock.advance(900_000);
    for (const name of ["d", "e"]) await notify(firing(alert(name)), to(sink));
    expect(told).toHaveLength(1);
    await notify(firing(alert("f")), to(sink));
    expect(told).toHaveLength(2);
  });

  it("counts each finding once, however often its delivery is worked", async () => {
    const { sink, told } = editingSink("one");
    for (const owner of ["one", "two", "three"]) await notify(firing({ ...alert("a"), owner }), to(sink));
    await notify(firing(alert("b")), to(sink));
    expect(told).toHaveLength(0);
    await Promise.all(["one", "two"].map((owner) => notify(firing({ ...alert("c"), owner }), to(sink))));
    expect(told).toHaveLength(1);
  });

  it("lets what was posted be, also when the delivery is worked again in another interval", async () => {
    const { sink, told } = editingSink("one");
    for (const name of ["a", "b", "c"]) await notify(firing(alert(name)), to(sink));
    stage.clock.advance(900_000);
    expect(outcomes(await notify(firing({ ...alert("c"), owner: "owner-2" }), to(sink)))).toEqual([
      "one default skipped",
    ]);
    expect(outcomes(await notify(resolution(alert("c")), to(sink)))).toEqual(["one default edited"]);
    expect(told).toHaveLength(1);
  });

  it("counts a finding once whose worker died, and leaves it out, also in another interval", async () => {
    const { sink, told } = editingSink("one");
    for (const name of ["a", "b", "c"]) await notify(firing(alert(name)), to(sink));
    stage.clock.advance(900_000);
    for (const owner of ["two", "three"]) await notify(firing({ ...alert("a"), owner }), to(sink));
    for (const name of ["d", "e"]) await notify(firing(alert(name)), to(sink));
    expect(told).toHaveLength(1);
    await notify(firing(alert("f")), to(sink));
    expect(told).toHaveLength(2);
  });

  it("is told by the next worker of what was to be told, also in another interval", async () => {
    const { sink, told } = editingSink("one");
    for (const name of ["a", "b"]) await notify(firing(alert(name)), to(sink));
    const dying = to(sink);
    const away = { ...dying.messages, reserve: failing({ retryable: true }) };
    await notify(firing(alert("c")), { ...dying, messages: away });
    expect(told).toHaveLength(0);
    stage.clock.advance(900_000);
    expect(outcomes(await notify(firing({ ...alert("c"), owner: "two" }), to(sink)))).toEqual(["one default posted"]);
  });

  it("counts what sinks beside it are told of for itself alone", async () => {
    const [one, two] = [recordingSink("one"), recordingSink("two")];
    const sinks = stage.dependencies(configured(one.sink, params), configured(two.sink));
    for (const name of ["a", "b", "c"]) await notify(firing(alert(name)), sinks);
    expect([one.told.length, two.told.length]).toEqual([1, 3]);
  });

  it.each([
    ["can edit", editingSink],
    ["cannot edit", recordingSink],
  ])("is not told that something resolved that it was not told of, where it %s", async (_, make) => {
    const { sink, told } = make("one");
    for (const name of ["a", "b", "c"]) await notify(firing(alert(name)), to(sink));
    stage.clock.advance(900_000);
    const report = await notify(resolution(alert("a")), to(sink));
    expect(report.results).toEqual([
      expect.objectContaining({ outcome: "skipped", reason: "what it resolves was not told" }),
    ]);
    expect(told).toHaveLength(1);
  });

  it("is told that something resolved that it was told of, which counts for nothing", async () => {
    const { sink, edits } = editingSink("one");
    for (const name of ["a", "b", "c"]) await notify(firing(alert(name)), to(sink));
    stage.clock.advance(900_000);
    expect(outcomes(await notify(resolution(alert("c")), to(sink)))).toEqual(["one default edited"]);
    expect(edits.map(({ address }) => address.number)).toEqual(["1"]);
    for (const name of ["d", "e"]) {
      expect(outcomes(await notify(firing(alert(name)), to(sink)))).toEqual(["one default skipped"]);
    }
  });

  it("counts what only a resolution tells", async () => {
    const { sink, told } = editingSink("one");
    for (const name of ["a", "b", "c"]) await notify(resolution(alert(name)), to(sink));
    expect(told).toHaveLength(1);
  });

  it("is told of an alert that fires on once that is not among the first, by a message that resolves", async () => {
    const { sink, told, replies, edits } = editingSink("one");
    await notify(firing(), to(sink));
    expect(outcomes(await notify(firing({ repeat: 1 }), to(sink)))).toEqual(["one default skipped"]);
    expect(outcomes(await notify(firing({ repeat: 2 }), to(sink)))).toEqual(["one default posted"]);
    expect(outcomes(await notify(firing({ repeat: 3 }), to(sink)))).toEqual(["one default~3 posted"]);
    expect([told.length, replies.length]).toEqual([1, 1]);
    expect(outcomes(await notify(resolution(), to(sink)))).toEqual(["one default edited"]);
    expect(edits).toHaveLength(1);
  });

  it("tells nobody anything where the table is away, so that the delivery comes again", async () => {
    const [one, two] = [recordingSink("one"), recordingSink("two")];
    const away = { isAmongFirst: failing({ retryable: true }) };
    const sinks = stage.dependencies(configured(one.sink), configured(two.sink, params));
    await expect(notify(firing(), { ...sinks, groups: { ...sinks.groups, ...away } })).rejects.toThrow("it said no");
    expect([one.told.length, two.told.length]).toEqual([0, 0]);
  });
});
