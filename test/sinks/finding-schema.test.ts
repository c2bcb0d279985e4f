/** The one JSON form of findings: what is written is what the schema says, whatever a finding holds. */
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block } from "../../src/findings/blocks.ts";
import { enrichmentTypes, type Finding, linkTypes } from "../../src/findings/finding.ts";
import { toFindingJson } from "../../src/sinks/finding-json.ts";
import { findingJsonSchema, findingSchema } from "../../src/sinks/finding-schema.ts";
import { nastyFindings } from "../conformance/nasty-findings.ts";
import { blocksOfType } from "../helpers/any-block.ts";
import { crashLoop, findingOf } from "../helpers/findings.ts";

const context = { messageId: "0123456789abcdef", possiblyRepeated: true };

/** Whether reading what was written gives what was there, without a field more or less. */
function expectRoundTrip(finding: Finding) {
  const written: unknown = JSON.parse(JSON.stringify(toFindingJson(finding, context)));
  expect(findingSchema.parse(written)).toStrictEqual(written);
  expect(written).toEqual(toFindingJson(finding, context));
}

const withBlocks = (blocks: readonly Block[]): Finding => findingOf({ enrichments: [{ title: "t", blocks }] });

describe("a finding as JSON", () => {
  it("is read as it was written", () => {
    const type = "prometheus_generator_url";
    const finding = { ...crashLoop(), endsAt: 1, links: [{ name: "p", url: "http://p", type }] } as const;
    expectRoundTrip({ ...finding, subject: { ...finding.subject, workload: "deployment/checkout" } });
    for (const kind of enrichmentTypes) expectRoundTrip(findingOf({ enrichments: [{ type: kind, blocks: [] }] }));
    for (const kind of linkTypes) expectRoundTrip(findingOf({ links: [{ name: "", url: "", type: kind }] }));
  });

  it.each(Object.entries(blocksOfType))("with any %s", (_, block) => {
    fc.assert(
      fc.property(block, (one) => expectRoundTrip(withBlocks([one]))),
      { numRuns: 40, seed: 20260801 },
    );
  });

  it.each(nastyFindings)("with %s", (_, finding) => expectRoundTrip(finding));

  it.each([
    ["a block of no type that there is", { type: "carousel" }],
    ["a block without its text", { type: "markdown" }],
    ["a cell that is no text", { type: "table", headers: ["n"], rows: [[1]] }],
    [
      "a time that is no number",
      { type: "graph", title: "", format: "plain", series: [{ name: "", points: [["", 1]] }] },
    ],
  ])("is not taken with %s", (_, block) => {
    const form = toFindingJson(findingOf(), context);
    expect(findingSchema.safeParse({ ...form, enrichments: [{ blocks: [block] }] }).success).toBe(false);
  });

  it("of a later version is not taken for one of this", () => {
    const form = toFindingJson(findingOf(), context);
    expect(findingSchema.safeParse({ ...form, version: form.version + 1 }).success).toBe(false);
  });
});

it("docs/finding.schema.json is what `npm run generate` writes", () => {
  const file = path.resolve(import.meta.dirname, "../../docs/finding.schema.json");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(findingJsonSchema())));
});
