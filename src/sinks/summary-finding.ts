/** What the message says that sums up a group. */
import { table } from "../findings/blocks.ts";
import { type Finding, severities } from "../findings/finding.ts";
import type { Member, Membership } from "../state/state.ts";
import { ellipsis } from "./fit-text.ts";
import { type GroupBy, groupWords, type Trait, traitsOf, traitsOfGroup } from "./grouping.ts";

/** What the state table keeps of a finding that is summed up. */
interface Entry {
  /** One for each column. */
  readonly row: readonly string[];
  readonly severity: Finding["severity"];
}

/** How many rows are shown, so that the table stays a table. */
const mostRows = 20;
const mostInCell = 60;
const none = "-";

export function entryOf(finding: Finding, by: readonly GroupBy[]): string {
  const row = traitsOf(finding, by).map(({ value = none }) => cut(value));
  return JSON.stringify({ row, severity: finding.severity } satisfies Entry);
}

function read(entry: string): Entry {
  const parsed: Entry = JSON.parse(entry);
  return parsed;
}

const cut = (text: string) => ellipsis(text, mostInCell);

/** The same for the same members, in whatever order they come. */
export function summaryFinding(
  { group, interval }: Membership,
  by: readonly GroupBy[],
  members: readonly Member[],
): Finding {
  const entries = members.map(({ entry, resolved }) => ({ ...read(entry), resolved }));
  const firing = entries.filter(({ resolved }) => !resolved);
  const traits = traitsOfGroup(group);
  return {
    title: `Summary of ${groupWords(traits)}`,
    description: `*${firing.length}* firing, *${entries.length - firing.length}* resolved`,
    aggregationKey: "summary",
    severity: highest(firing.length > 0 ? firing : entries),
    source: "none",
    status: firing.length === 0 && entries.length > 0 ? "resolved" : "firing",
    cluster: traitNamed(traits, "cluster") ?? "",
    fingerprint: "",
    startsAt: interval,
    subject: subjectOf(traits),
    links: [],
    enrichments: [{ blocks: [table([...columns(by), "firing", "resolved"], rowsOf(entries))] }],
    notes: [],
  };
}

const columns = (by: readonly GroupBy[]): readonly string[] =>
  by.flatMap((one) => (typeof one === "string" ? [one] : Object.values(one).flat()));

function rowsOf(entries: readonly (Entry & Pick<Member, "resolved">)[]): readonly (readonly string[])[] {
  const rows = [...Map.groupBy(entries, ({ row }) => JSON.stringify(row)).values()]
    .map((same) => {
      const resolved = same.filter((entry) => entry.resolved).length;
      return { row: same[0]?.row ?? [], firing: same.length - resolved, resolved };
    })
    .sort((a, b) => b.firing - a.firing || b.resolved - a.resolved || (a.row.join() < b.row.join() ? -1 : 1));
  const shown = rows.slice(0, rows.length > mostRows ? mostRows - 1 : mostRows);
  const others = rows.slice(shown.length);
  const rest = {
    row: shown[0]?.row.map((_, column) => (column === 0 ? `${others.length} others` : "")) ?? [],
    firing: sum(others.map(({ firing }) => firing)),
    resolved: sum(others.map(({ resolved }) => resolved)),
  };
  return [...shown, ...(others.length > 0 ? [rest] : [])].map(({ row, firing, resolved }) => [
    ...row,
    String(firing),
    String(resolved),
  ]);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const highest = (entries: readonly Entry[]): Finding["severity"] =>
  severities.findLast((severity) => entries.some((entry) => entry.severity === severity)) ?? "INFO";

const traitNamed = (traits: readonly Trait[], name: string) => traits.find((trait) => trait.name === name)?.value;

/** Where a channel is chosen by a label that the group has in common, the summary goes there too. */
function subjectOf(traits: readonly Trait[]): Finding["subject"] {
  const named = (prefix: string) =>
    Object.fromEntries(
      traits.flatMap(({ name, value }) =>
        name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value]] : [],
      ),
    );
  return { name: "", kind: "none", labels: named("label "), annotations: named("annotation ") };
}
