import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { type Contribution, createReport } from "../../src/findings/report.ts";
import { markdown } from "../../src/index.ts";

const base: Finding = {
  title: "Base",
  description: "What happened",
  aggregationKey: "Alert",
  severity: "LOW",
  source: "prometheus",
  status: "firing",
  subject: { name: "web", kind: "pod", labels: {}, annotations: {} },
  cluster: "test",
  fingerprint: "0123456789abcdef",
  links: [{ name: "Alertmanager", url: "https://am" }],
  enrichments: [],
  notes: ["The node is gone."],
};

const enrich = (text: string): Contribution => ({ do: "enrich", blocks: [markdown(text)] });
const find = (title: string, aggregationKey: string): Contribution => ({
  do: "find",
  attributes: { title, aggregationKey },
});
const link: Contribution = { do: "link", link: { name: "Logs", url: "https://logs" } };

/** `part title: texts, links, notes` of each finding. */
function told(contributions: readonly Contribution[]): string[] {
  const report = createReport(base);
  for (const contribution of contributions) report.contribute(contribution, ["slack"]);
  return report.findings("slack").map(({ part, finding }) => {
    const texts = finding.enrichments.flatMap(({ blocks }) => blocks.map((block) => "text" in block && block.text));
    const more = [...texts, ...finding.links.slice(1).map(({ name }) => name), ...finding.notes.slice(1)];
    return `${part} ${finding.title} ${finding.severity}: ${more.join(", ")}`;
  });
}

describe("a report", () => {
  it.each<[string, readonly Contribution[], readonly string[]]>([
    ["has no finding where nothing was said", [], []],
    ["has the event's own with the first enrichment", [enrich("a"), enrich("b")], ["default Base LOW: a, b"]],
    ["has it with a link or a note, too", [link, { do: "note", text: "n" }], ["default Base LOW: Logs, n"]],
    [
      "adds a finding to which later enrichments go",
      [enrich("a"), find("New", "K"), enrich("b")],
      ["default Base LOW: a", "K#1 New LOW: b"],
    ],
    ["has an added finding alone", [find("New", "K"), enrich("b"), link], ["K#1 New LOW: b, Logs"]],
    [
      "numbers findings of one kind",
      [find("A", "K"), find("B", "K"), find("C", "L")],
      ["K#1 A LOW: ", "K#2 B LOW: ", "L#1 C LOW: "],
    ],
    [
      "is overridden as a whole",
      [enrich("a"), find("New", "K"), { do: "override", attributes: { severity: "HIGH" } }, enrich("b")],
      ["default Base HIGH: a", "K#1 New HIGH: b"],
    ],
    [
      "says once what two playbooks found alike",
      [enrich("a"), link, enrich("b"), enrich("a"), link],
      ["default Base LOW: a, b, Logs"],
    ],
    [
      "says it again in another finding",
      [enrich("a"), find("New", "K"), enrich("a")],
      ["default Base LOW: a", "K#1 New LOW: a"],
    ],
    [
      "has the event's own where that is overridden",
      [{ do: "override", attributes: { title: "Other" } }],
      ["default Other LOW: "],
    ],
  ])("%s", (_, contributions, findings) => {
    expect(told(contributions)).toEqual(findings);
  });

  it("takes from the event what an added finding leaves out", () => {
    const report = createReport(base);
    report.contribute(find("New", "K"), ["slack"]);
    expect(report.findings("slack")).toEqual([
      { part: "K#1", finding: { ...base, title: "New", aggregationKey: "K" } },
    ]);
  });

  it("keeps the sinks of different playbooks apart", () => {
    const report = createReport(base);
    report.contribute(enrich("both"), ["slack", "file"]);
    report.contribute(find("New", "K"), ["slack"]);
    report.contribute(enrich("file"), ["file"]);
    expect(report.findings("slack").map(({ finding }) => finding.title)).toEqual(["Base", "New"]);
    expect(report.findings("file").map(({ finding }) => finding.enrichments)).toHaveLength(1);
    expect(report.findings("other")).toEqual([]);
  });

  it("stops for everybody", () => {
    const report = createReport(base);
    expect(report.stopped).toBe(false);
    report.contribute({ do: "stop" }, []);
    expect(report.stopped).toBe(true);
    expect(report.findings("slack")).toEqual([]);
  });

  it("leaves the base as it was", () => {
    const report = createReport(base);
    report.contribute(enrich("a"), ["slack"]);
    report.contribute({ do: "note", text: "n" }, ["slack"]);
    expect([base.enrichments, base.notes]).toEqual([[], ["The node is gone."]]);
  });
});
