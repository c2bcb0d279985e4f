import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GraphBlock, GraphFormat } from "../../src/findings/blocks.ts";
import { graph } from "../../src/findings/graph.ts";
import { toSvg } from "../../src/graphs/svg.ts";
import { textWidth } from "../../src/graphs/text-width.ts";
import { everyMinute, minute, start, wave } from "./series.ts";

const limit = { name: "limit", value: 2 };
const drawings: readonly (readonly [file: string, drawn: GraphBlock])[] = [
  [
    "one-series",
    graph("CPU usage of checkout-7d9f", [everyMinute("checkout-7d9f", wave(61, 0.2, 1.2))], {
      format: "cpu_usage",
      lines: [limit, { name: "request", value: 0.5 }],
      marks: [{ name: "alert started", at: start + 40 * minute }],
    }),
  ],
  [
    "gaps",
    graph(
      "Memory",
      [
        everyMinute("api", [1e9, 1.1e9, Number.NaN, 1.3e9, Number.NaN, 1.2e9, 1e9]),
        everyMinute("db", wave(7, 5e8, 6e8)),
      ],
      {
        format: "bytes",
      },
    ),
  ],
  [
    "many-series",
    graph(
      "Requests",
      Array.from({ length: 30 }, (_, index) =>
        everyMinute(`checkout-service-frontend-7d9f8c6b5-${index}`, wave(5, index, index + 9)),
      ),
    ),
  ],
  ["no-data", graph("Disk of worker-1", [{ name: "worker-1", points: [] }], { format: "percentage" })],
  [
    "hostile",
    graph("<script>&\"'\u0000\u001b[31m", [everyMinute("</text><b>&amp;\n\ud83d", [1, 2])], {
      lines: [{ name: "<a>", value: 1 }],
    }),
  ],
];

describe("a drawing", () => {
  it.each(drawings)("%s", async (file, drawn) => {
    await expect(toSvg(drawn)).toMatchFileSnapshot(`drawings/${file}.svg`);
  });

  it("has no legend where none is asked for", () => {
    const made = (legend: boolean) => toSvg(graph("t", [everyMinute("api", [1, 2])], { legend }));
    expect(made(true)).toContain(">api<");
    expect(made(false)).not.toContain(">api<");
  });

  it("has a dot where there is nothing to draw a line to", () => {
    expect(toSvg(graph("t", [everyMinute("a", [3])]))).toMatch(/<circle [^>]*r="3"/);
  });

  it("has marks that are on its axis, and no others", () => {
    const marks = [1, 100_000].map((after) => ({ name: `after ${after}`, at: start + after * minute }));
    const svg = toSvg(graph("t", [everyMinute("a", wave(60, 0, 1))], { marks }));
    expect([svg.includes("after 1<"), svg.includes("after 100000<")]).toEqual([true, false]);
  });
});

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where the texts of a drawing are. */
const boxesOf = (svg: string): Box[] =>
  [...svg.matchAll(/<text x="([^"]+)" y="([^"]+)" font-size="([^"]+)" text-anchor="([^"]+)"[^>]*>([^<]+)</g)].map(
    ([, x = "", y = "", size = "", anchor, text = ""]) => {
      const plain = text.replace(/&(?:amp|lt|gt|quot);/g, "&");
      const width = textWidth(plain, Number(size));
      const left = Number(x) - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
      return { text, left, right: left + width, top: Number(y) - Number(size) * 0.75, bottom: Number(y) + 1 };
    },
  );

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const name = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ minLength: 30, maxLength: 250, unit: "grapheme" }));
const value = fc.oneof(fc.double({ noNaN: true }), fc.double({ min: -1, max: 1e4 }), fc.integer(), fc.constant(0));
const anyGraph = fc
  .record({
    title: name,
    format: fc.constantFrom<GraphFormat>("plain", "bytes", "percentage", "cpu_usage"),
    series: fc.array(fc.record({ name, values: fc.array(value, { maxLength: 8 }) }), { maxLength: 30, size: "max" }),
    lines: fc.array(fc.record({ name, value }), { maxLength: 6 }),
    marks: fc.array(fc.record({ name, at: fc.integer({ min: start - 5 * minute, max: start + 10 * minute }) }), {
      maxLength: 6,
    }),
    step: fc.constantFrom(1, 1e3, 6e4, 1e7, 1e9, 1e11),
  })
  .map(({ title, format, series, lines, marks, step }) =>
    graph(
      title,
      series.map((one) => ({
        name: one.name,
        points: one.values.map((v, index) => [start + index * step, v] as const),
      })),
      {
        format,
        lines,
        marks,
      },
    ),
  );

describe("whatever is drawn", () => {
  it("is within its edges, and no text is on another", () => {
    fc.assert(
      fc.property(anyGraph, (drawn) => {
        const svg = toSvg(drawn);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        const boxes = boxesOf(svg);
        for (const box of boxes) {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(900);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.bottom).toBeLessThanOrEqual(400);
        }
        const touching = boxes.flatMap((a, index) =>
          boxes
            .slice(index + 1)
            .filter((b) => overlap(a, b))
            .map((b) => `${a.text} / ${b.text}`),
        );
        expect(touching).toEqual([]);
      }),
      { numRuns: 40, seed: 20260801 },
    );
  });
});
