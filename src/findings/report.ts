/**
 * The findings of one delivery while its actions add to them. Every action of every playbook contributes to the same report, each to
 * the sinks of its playbook; a contribution is plain data, so that an interrupted run can be told again.
 */
import { isDeepStrictEqual } from "node:util";
import type { Block } from "./blocks.ts";
import type { EnrichmentType, Finding, Link, Severity } from "./finding.ts";

export type Contribution =
  | {
      readonly do: "enrich";
      readonly blocks: readonly Block[];
      readonly title?: string;
      readonly type?: EnrichmentType;
    }
  | { readonly do: "find"; readonly attributes: FindingAttributes }
  | { readonly do: "override"; readonly attributes: FindingAttributes }
  | { readonly do: "link"; readonly link: Link }
  | { readonly do: "note"; readonly text: string }
  | { readonly do: "stop" };

export interface FindingAttributes {
  readonly title?: string;
  readonly description?: string;
  readonly aggregationKey?: string;
  readonly severity?: Severity;
  /** Added to those of the subject. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A finding with the name it has among those of its delivery and sink. */
export interface ReportedFinding {
  /** `default`, or `<aggregation key>#<n>`. */
  readonly part: string;
  readonly finding: Finding;
}

export interface Report {
  contribute(contribution: Contribution, sinks: readonly string[]): void;
  /** Whether an action ended the work on this delivery. */
  readonly stopped: boolean;
  /** What a sink is to be told, in the order in which it was found. */
  findings(sink: string): readonly ReportedFinding[];
}

/** An empty report; `base` is the finding that the delivery itself makes, before any action has added to it. */
export function createReport(base: Finding): Report {
  const bySink = new Map<string, ReportedFinding[]>();
  let stopped = false;

  const of = (sink: string): ReportedFinding[] => {
    const found = bySink.get(sink) ?? [];
    bySink.set(sink, found);
    return found;
  };

  const add = (found: ReportedFinding[], attributes: FindingAttributes) => {
    const finding = withAttributes(base, attributes);
    const sameKey = found.filter(({ part }) => part.startsWith(`${finding.aggregationKey}#`)).length;
    found.push({ part: `${finding.aggregationKey}#${sameKey + 1}`, finding });
  };

  /** The newest finding is the one that enrichments go to, as in the model. */
  const changeNewest = (found: ReportedFinding[], change: (finding: Finding) => Finding) => {
    const newest = found.pop() ?? { part: "default", finding: base };
    found.push({ part: newest.part, finding: change(newest.finding) });
  };

  const contributeTo = (found: ReportedFinding[], contribution: Exclude<Contribution, { do: "stop" }>) => {
    switch (contribution.do) {
      case "find":
        return add(found, contribution.attributes);
      case "override": {
        if (found.length === 0) found.push({ part: "default", finding: base });
        const changed = found.map(({ part, finding }) => ({
          part,
          finding: withAttributes(finding, contribution.attributes),
        }));
        found.splice(0, found.length, ...changed);
        return;
      }
      case "enrich": {
        const { do: _, ...enrichment } = contribution;
        return changeNewest(found, ({ enrichments, ...finding }) => ({
          ...finding,
          enrichments: withOne(enrichments, enrichment),
        }));
      }
      case "link":
        return changeNewest(found, (finding) => ({ ...finding, links: withOne(finding.links, contribution.link) }));
      case "note":
        return changeNewest(found, (finding) => ({ ...finding, notes: [...finding.notes, contribution.text] }));
    }
  };

  return {
    contribute(contribution, sinks) {
      if (contribution.do === "stop") stopped = true;
      else for (const sink of sinks) contributeTo(of(sink), contribution);
    },
    get stopped() {
      return stopped;
    },
    findings: (sink) => bySink.get(sink) ?? [],
  };
}

/** What two playbooks have found alike, a finding says once. */
const withOne = <T>(items: readonly T[], item: T): readonly T[] =>
  items.some((other) => isDeepStrictEqual(other, item)) ? items : [...items, item];

function withAttributes(finding: Finding, { labels, ...attributes }: FindingAttributes): Finding {
  const changed = { ...finding, ...attributes };
  if (labels === undefined) return changed;
  return { ...changed, subject: { ...finding.subject, labels: { ...finding.subject.labels, ...labels } } };
}
