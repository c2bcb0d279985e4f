/** How sinks put blocks into words. */
import type { CallbackChoice, DiffBlock, Json, TableBlock } from "../findings/blocks.ts";
import { gradeOf, type ScanBlock, type ScanRow, scanSeverities } from "../findings/scan.ts";
import { count, durationWords, timeWords } from "./wording.ts";

/** `2 added, 1 removed`; of an object that is new or gone that, before what there is to count. */
export function changeCounts({ changes, operation = "update" }: Pick<DiffBlock, "changes" | "operation">): string {
  const added = changes.filter(({ before }) => before === undefined).length;
  const removed = changes.filter(({ before, after }) => before !== undefined && after === undefined).length;
  const counted = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(changes.length > added + removed ? [`${changes.length - added - removed} changed`] : []),
  ].join(", ");
  if (operation === "update") return counted || "no changes";
  return `${operation}d${counted === "" ? "" : `, ${counted}`}`;
}

/** The action with its params: `scale_hpa_callback max_replicas=15`. */
export function commandWords({ action, params }: CallbackChoice): string {
  const values = Object.entries(params).map(([name, value]) => `${name}=${valueWords(value)}`);
  return [action, ...values].join(" ");
}

/** What it is run on: ` on HorizontalPodAutoscaler shop/web`; empty where that is nothing. */
export function targetWords({ target }: CallbackChoice): string {
  if (target === undefined) return "";
  const { kind, name, namespace } = target;
  return ` on ${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

const valueWords = (value: Json): string =>
  typeof value === "string" && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);

/** `grade B (82 of 100), 1 critical, 3 ok; popeye, 2026-08-01 10:41:07 UTC, took 12s` */
export function scanWords({ scanner, score, startedAt, endedAt, rows }: ScanBlock): string {
  const bySeverity = Map.groupBy(rows, ({ severity }) => severity);
  const counted = scanSeverities.flatMap((severity) => {
    const found = bySeverity.get(severity)?.length ?? 0;
    return found === 0 ? [] : [`${found} ${severity}`];
  });
  const grade = score === undefined ? [] : [`grade ${gradeOf(score)} (${score} of 100)`];
  const when = [scanner, timeWords(startedAt), `took ${durationWords(endedAt - startedAt)}`];
  const result = [...grade, ...counted].join(", ") || "nothing was found";
  return `${result}; ${when.filter((word) => word !== undefined && word !== "").join(", ")}`;
}

/** The rows of a scan, without the columns that are empty in all of them. */
export function scanTable({ rows }: ScanBlock): Pick<TableBlock, "headers" | "rows"> {
  const columns: readonly (readonly [header: string, cell: (row: ScanRow) => string])[] = [
    ["severity", ({ severity }) => severity],
    ["scope", ({ scope = "" }) => scope],
    ["kind", ({ kind = "" }) => kind],
    ["namespace", ({ namespace = "" }) => namespace],
    ["name", ({ name = "" }) => name],
    ["container", ({ container = "" }) => container],
    ["found", ({ found }) => found.join("; ")],
  ];
  const shown = columns.filter(([, cell]) => rows.some((row) => cell(row) !== ""));
  return { headers: shown.map(([header]) => header), rows: rows.map((row) => shown.map(([, cell]) => cell(row))) };
}

/** `Looked at with kubectl_get, logs, 5 calls`: each tool once. */
export const evidenceWords = (tools: readonly string[]): string =>
  `Looked at with ${[...new Set(tools)].join(", ")}, ${count(tools.length, "call")}`;
