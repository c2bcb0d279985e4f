import { describe, expect, it } from "vitest";
import { table } from "../../src/findings/blocks.ts";
import { tableLines } from "../../src/sinks/table-text.ts";

const text = (lines: readonly string[]) => `\n${lines.join("\n")}\n`;

describe("a table as text", () => {
  const conditions = table(
    ["condition", "message"],
    [
      ["Ready", "containers with unready status: [api proxy], and one that has not been started"],
      ["PodScheduled", ""],
    ],
  );

  it("is as wide as its cells", () => {
    expect(text(tableLines(table(["a", "bb"], [["long", "1"], ["", "2"], ["x"]])))).toBe(`
a     bb
----  --
long  1
      2
x
`);
  });

  it("is wrapped between words where it is too wide", () => {
    expect(text(tableLines(conditions, 50))).toBe(`
condition     message
------------  ------------------------------------
Ready         containers with unready status: [api
              proxy], and one that has not been
              started
PodScheduled
`);
  });

  it("gives each column its share", () => {
    const [, rule = ""] = tableLines(
      { ...table(["a", "b"], [["x ".repeat(60), "y ".repeat(60)]]), widths: [1, 3] },
      82,
    );
    expect(rule.split("  ").map(({ length }) => length)).toEqual([20, 60]);
  });

  it("breaks no word, and is too wide then", () => {
    expect(tableLines(table(["pod"], [["checkout-7d9f9c5b-x2x4z"]]), 10)).toContain("checkout-7d9f9c5b-x2x4z");
  });

  it("stands upright", () => {
    const upright = { ...conditions, layout: "vertical" as const };
    expect(text(tableLines(upright))).toBe(`
condition: Ready
message: containers with unready status: [api proxy], and one that has not been started

condition: PodScheduled
message:${" "}
`);
  });

  it.each([
    ["1785580867000", "2026-08-01 10:41:07 UTC"],
    ["2026-08-01T12:41:07+02:00", "2026-08-01 10:41:07 UTC"],
    ["yesterday", "yesterday"],
    ["9e15", "9e15"],
    ["", ""],
  ])("shows the moment %j as %j", (cell, shown) => {
    const [, , row = ""] = tableLines(table(["at", "n"], [[cell, "x"]], { formats: { at: "datetime" } }));
    expect(row).toBe(`${shown.padEnd(2)}  x`);
  });

  it("has cells of any length", () => {
    const words = "word ".repeat(130_000);
    const lines = tableLines(table(["a", "b"], [[words, "x"]]), 110);
    expect(lines.length).toBeGreaterThan(6_000);
    expect(lines.every(({ length }) => length <= 110)).toBe(true);
  });

  it("has rows without headers", () => {
    expect(tableLines(table([], [["a", "b"]]))).toEqual(["a  b"]);
  });
});
