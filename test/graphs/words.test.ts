import { describe, expect, it } from "vitest";
import { graph } from "../../src/findings/graph.ts";
import { graphLines } from "../../src/graphs/words.ts";
import { everyMinute, minute, start, wave } from "./series.ts";

const whole = { series: Number.POSITIVE_INFINITY, sparklines: true };

describe("a graph in words", () => {
  it("tells of each series, limit and mark", () => {
    const made = graph("CPU usage", [everyMinute("api", wave(61, 0.2, 1.2)), everyMinute("idle", [0.01])], {
      format: "cpu_usage",
      lines: [{ name: "limit", value: 2 }],
      marks: [{ name: "alert started", at: start + 30 * minute }],
    });
    expect(graphLines(made, whole)).toEqual([
      "api: last 1.08 cores, highest 1.2 cores at 09:52 UTC  ▅▆▇███▇▆▅▄▃▂▁▁▂▂▃▄▆▇████",
      "idle: last 0.01 cores, highest 0.01 cores at 09:41 UTC  ▁",
      "limit: 2 cores",
      "alert started: 10:11 UTC",
    ]);
  });

  it("shows where nothing is known", () => {
    const made = graph("x", [everyMinute("a", [1, 2, 3, 4, Number.NaN, Number.NaN, Number.NaN, 8, 7, 6, 5])]);
    expect(graphLines(made, whole)).toEqual(["a: last 5, highest 8 at 09:48 UTC  ▁▂▃  █▇▆"]);
  });

  it("says the day where there are several", () => {
    const [line] = graphLines(graph("x", [everyMinute("a", wave(1_500, 0, 1))]), { ...whole, sparklines: false });
    expect(line).toMatch(/^a: last \S+, highest 1 at 2026-08-0[12] \d\d:\d\d UTC$/);
  });

  it.each([
    ["no series", []],
    ["a series without points", [{ name: "a", points: [] }]],
  ])("says so where there is no data: %s", (_, series) => {
    expect(graphLines(graph("x", series), whole).join()).toMatch(/no data$/);
  });

  it("tells of the highest where there are too many", () => {
    const many = Array.from({ length: 30 }, (_, index) => everyMinute(`s${index}`, [index]));
    const lines = graphLines(graph("x", many), { series: 2, sparklines: false });
    expect(lines.map((line) => line.split(":", 1)[0])).toEqual(["s28", "s29", "and 28 more"]);
  });

  it("leaves out names that are none", () => {
    expect(graphLines(graph("x", [everyMinute("", [1])]), whole)).toEqual(["last 1, highest 1 at 09:41 UTC  ▁"]);
  });

  it("tells of times that no date can hold", () => {
    const points = [[9e15, 1]] as const;
    expect(graphLines({ type: "graph", title: "x", format: "plain", series: [{ name: "a", points }] }, whole)).toEqual([
      "a: last 1, highest 1 at an unknown time  ▁",
    ]);
  });
});
