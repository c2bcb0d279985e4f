import { expect, it } from "vitest";
import { createReport } from "../../src/findings/report.ts";

const base = {
  title: "A",
  aggregationKey: "Key",
  severity: "LOW",
  source: "none",
  status: "firing",
  subject: { name: "api", kind: "pod", labels: { app: "api", team: "old" }, annotations: {} },
  cluster: "test",
  fingerprint: "f",
  links: [],
  enrichments: [],
  notes: [],
} as const;

it.each(["override", "find"] as const)("labels are added to the subject's: %s", (how) => {
  const report = createReport(base);
  report.contribute({ do: how, attributes: { title: "B", labels: { team: "new" } } }, ["sink"]);
  const [reported] = report.findings("sink");
  const subject = { ...base.subject, labels: { app: "api", team: "new" } };
  expect(reported?.finding).toEqual({ ...base, title: "B", subject });
});
