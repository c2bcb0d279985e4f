/** What the message says that tells what a sink was not told. */
import { table } from "../findings/blocks.ts";
import { type Finding, severities } from "../findings/finding.ts";
import type { Digest } from "../state/state.ts";
import { ellipsis } from "./fit-text.ts";
import { localTime } from "./local-time.ts";
import { count, subjectWords } from "./wording.ts";

/** What the state table keeps of a finding that was not told. */
interface Entry {
  /** When it came, in milliseconds since the epoch. */
  readonly at: number;
  readonly severity: Finding["severity"];
  readonly title: string;
  readonly subject: string;
  readonly cluster: string;
}

/** How many rows are shown: so many at once that a message of Slack's can hold them, the others where there is room for a longer table. */
const firstRows = 10;
const mostRows = 100;
const mostInCell = 80;

export function heldEntry(finding: Finding, at: number): string {
  const { severity, title, cluster } = finding;
  const subject = ellipsis(subjectWords(finding) ?? "", mostInCell);
  return JSON.stringify({ at, severity, title: ellipsis(title, mostInCell), subject, cluster } satisfies Entry);
}

function read(entry: string): Entry {
  const parsed: Entry = JSON.parse(entry);
  return parsed;
}

interface Row extends Entry {
  readonly times: number;
  readonly firing: number;
}

/** The same for the same entries, in whatever order they come. What says the same of the same is one row, the gravest first. */
export function digestFinding({ number, entries, more }: Digest, timezone: string): Finding {
  const held = entries.map(({ entry, resolved }) => ({ ...read(entry), resolved }));
  const same = Map.groupBy(held, ({ cluster, title, subject }) => JSON.stringify([cluster, title, subject]));
  const rows = [...same.values()].flatMap(rowOf).sort(byWeight);
  const header = [`since (${timezone})`, "severity", "finding", "about", "times", "now"];
  const tableOf = (some: readonly Row[]) => table(header, some.map(cells(timezone, several)));
  const firing = held.filter(({ resolved }) => !resolved).length;
  const shown = rows.slice(0, mostRows);
  const several = new Set(held.map(({ cluster }) => cluster)).size > 1;
  const left = rows.length - shown.length;
  return {
    title: `Digest of quiet time: ${more ? "more than " : ""}${count(held.length, "finding")}`,
    description: `*${firing}* firing, *${held.length - firing}* resolved${left > 0 ? `; ${count(left, "row")} more` : ""}`,
    aggregationKey: "digest",
    severity: rows[0]?.severity ?? "INFO",
    source: "none",
    status: "firing",
    cluster: several ? "" : (held[0]?.cluster ?? ""),
    fingerprint: "",
    startsAt: Math.min(...held.map(({ at }) => at), number),
    subject: { name: "", kind: "none", labels: {}, annotations: {} },
    links: [],
    enrichments: [
      { blocks: [tableOf(shown.slice(0, firstRows))] },
      ...(shown.length > firstRows ? [{ title: "Less grave", blocks: [tableOf(shown.slice(firstRows))] }] : []),
    ],
    notes: [],
  };
}

function rowOf(same: readonly (Entry & { readonly resolved: boolean })[]): Row[] {
  const [first] = same.toSorted((a, b) => a.at - b.at);
  if (first === undefined) return [];
  return [{ ...first, times: same.length, firing: same.filter(({ resolved }) => !resolved).length }];
}

const cells =
  (timezone: string, several: boolean) =>
  ({ at, severity, title, subject, cluster, times, firing }: Row): string[] => [
    localTime(timezone, at).text,
    severity,
    title,
    several ? [subject, cluster].filter(Boolean).join(" in ") : subject,
    String(times),
    firing > 0 ? "firing" : "resolved",
  ];

const rank = ({ severity }: Row): number => severities.indexOf(severity);
const byWeight = (a: Row, b: Row): number =>
  Number(b.firing > 0) - Number(a.firing > 0) || rank(b) - rank(a) || a.at - b.at || (a.title < b.title ? -1 : 1);
