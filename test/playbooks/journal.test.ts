import { describe, expect, it } from "vitest";
import { file, markdown } from "../../src/findings/blocks.ts";
import { graph } from "../../src/findings/graph.ts";
import type { Contribution } from "../../src/findings/report.ts";
import { forJournal } from "../../src/playbooks/journal.ts";

const enrich = (...blocks: Extract<Contribution, { do: "enrich" }>["blocks"]): Contribution => ({
  do: "enrich",
  blocks,
});
const graphOf = (series: number): ReturnType<typeof graph> => {
  const points = Array.from({ length: 300 }, (_, index) => [1.7e12 + index * 60_000, index / 7] as const);
  return graph(
    "Memory",
    Array.from({ length: series }, (_, index) => ({ name: `pod-${index}`, points })),
  );
};
const size = (kept: readonly Contribution[]) => Buffer.byteLength(JSON.stringify(kept));

describe("what a journal keeps of a step", () => {
  it("is all of it, where there is room", () => {
    const said = [enrich(markdown("a"), file("a.log", "b"), graphOf(1))];
    expect(forJournal(said)).toEqual(said);
  });

  it("is graphs with fewer points, where there is not", () => {
    const [kept] = forJournal([enrich(graphOf(20), markdown("after it"))]);
    expect(kept).toMatchObject({
      blocks: [{ type: "graph", title: "Memory", seriesLeftOut: 12 }, markdown("after it")],
    });
    expect(size(kept === undefined ? [] : [kept])).toBeLessThan(4_000);
  });

  it("is the names of the others", () => {
    const long = file("api.log", "x".repeat(40_000));
    expect(forJournal([enrich(long, graphOf(1), markdown("a"))])).toEqual([
      enrich(
        markdown(
          "_Left out, as this run was interrupted and resumed: the file api.log, the graph Memory, a block of type markdown_",
        ),
      ),
    ]);
  });

  it("is never much longer than its limit", () => {
    const many = Array.from({ length: 50 }, () => enrich(graphOf(20)));
    expect(size(forJournal(many))).toBeLessThan(40_000);
  });
});
