import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GraphInput, graph, withCoarseGraphs } from "../../src/findings/graph.ts";

const points = (values: readonly (number | null)[], step = 60_000): GraphInput["points"] =>
  values.map((value, index) => [index * step, value]);
const valuesOf = (...series: readonly GraphInput["points"][]) =>
  graph(
    "t",
    series.map((one, index) => ({ name: `s${index}`, points: one })),
  ).series.map((one) => one.points.map(([, value]) => value));

describe("a graph", () => {
  it("is plain data with nothing that was not asked for", () => {
    expect(graph("CPU", [{ name: "a", points: [[0, 1.5]] }])).toEqual({
      type: "graph",
      title: "CPU",
      format: "plain",
      series: [{ name: "a", points: [[0, 1.5]] }],
    });
  });

  it("has its limits, its marks and its legend", () => {
    const options = {
      format: "bytes",
      lines: [{ name: "limit", value: 5 }],
      marks: [{ name: "alert", at: 7 }],
      legend: false,
    } as const;
    expect(graph("Memory", [], options)).toEqual({ type: "graph", title: "Memory", series: [], ...options });
  });

  it.each<[string, GraphInput["points"], (number | null)[]]>([
    ["none where all are there", points([1, 2, 3]), [1, 2, 3]],
    ["one where one is missing", points([1, 2, 3, 4, 5]).toSpliced(2, 1), [1, 2, null, 4, 5]],
    ["one where many are missing", points([1, 2, 3, 4, 5, 6, 7, 8]).toSpliced(2, 3), [1, 2, null, 6, 7, 8]],
    ["one for several values that are no number", points([1, Number.NaN, Number.NaN, 4]), [1, null, 4]],
    ["one for infinity", points([1, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY, 5]), [1, null, 3, null, 5]],
    ["none at the ends", points([Number.NaN, 1, 2, null]), [1, 2]],
    [
      "none between points that are never steady",
      [
        [0, 1],
        [1_000, 2],
        [60_000, 3],
        [61_500, 4],
        [500_000, 5],
      ],
      [1, 2, 3, 4, 5],
    ],
    ["and nothing at all of no number", points([Number.NaN, Number.NaN]), []],
  ])("gaps: %s", (_, given, expected) => {
    expect(valuesOf(given)).toEqual([expected]);
  });

  it("knows a gap of one series by the distances of the others", () => {
    expect(
      valuesOf(points([1, 2, 3, 4, 5]), [
        [0, 1],
        [240_000, 5],
      ]),
    ).toEqual([
      [1, 2, 3, 4, 5],
      [1, null, 5],
    ]);
  });

  it("is in the order of time", () => {
    const { series } = graph("t", [
      {
        name: "a",
        points: [
          [120_000, 3],
          [0, 1],
          [60_000, 2],
        ],
      },
    ]);
    expect(series[0]?.points).toEqual([
      [0, 1],
      [60_000, 2],
      [120_000, 3],
    ]);
  });

  it("keeps the series with the highest values, in their order, and says how many there were", () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ name: `s${index}`, points: points([index % 7, index]) }));
    const { series, seriesLeftOut } = graph("t", many);
    expect(series.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, index) => `s${index + 30}`));
    expect(seriesLeftOut).toBe(30);
  });

  it("keeps the ends, the extremes and the gaps of a long series", () => {
    const values: number[] = Array.from({ length: 5_000 }, (_, index) => Math.sin(index / 100));
    values[1_234] = 99;
    values[4_321] = -99;
    values[2_500] = Number.NaN;
    const kept = valuesOf(points(values))[0] ?? [];
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept.length).toBeGreaterThan(150);
    expect(kept).toEqual(expect.arrayContaining([99, -99, null]));
    expect([kept[0], kept.at(-1)]).toEqual([0, Number(Math.sin(49.99).toPrecision(6))]);
  });

  it("is small and good JSON, whatever it is made of", () => {
    const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.MAX_VALUE, 5e-324, -0));
    const name = fc.string({ unit: "binary", maxLength: 10 }).map((text) => text.repeat(30));
    const some = fc.array(fc.tuple(number, number), { maxLength: 12 });
    const many = (few: readonly (readonly [number, number])[]) =>
      Array.from({ length: 60 }, (_, round) => few.map(([at, value]) => [at + round, value - round] as const)).flat();
    const one = fc.record({ name, points: some.map(many) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 30 }), name, (series, title) => {
        const made = graph(title, series, {
          lines: [{ name: title, value: Number.NaN }],
          marks: [{ name: title, at: 9e15 }],
        });
        const json = JSON.stringify(made);
        expect(isDeepStrictEqual(JSON.parse(json), made)).toBe(true);
        expect(json.length).toBeLessThan(180_000);
        expect(made).not.toHaveProperty("lines");
        expect(made).not.toHaveProperty("marks");
      }),
      { numRuns: 10, seed: 20260801 },
    );
  });

  it("is coarser where there is little room: its highest series, their extremes", () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      name: `s${index}`,
      points: points([index, 50 + index, ...Array(200).fill(0)]),
    }));
    const [first, coarse] = withCoarseGraphs([{ type: "divider" }, graph("t", many)]);
    expect(first).toEqual({ type: "divider" });
    expect(JSON.stringify(coarse).length).toBeLessThan(3_000);
    expect(coarse).toMatchObject({ seriesLeftOut: 17, series: expect.objectContaining({ length: 8 }) });
    expect(coarse?.type === "graph" && coarse.series[7]?.points.map(([, value]) => value)).toContain(74);
  });
});
