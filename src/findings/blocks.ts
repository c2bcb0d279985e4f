/** Blocks: what an enrichment is made of. Plain data with one JSON form; each sink renders them within its own limits. */
import type { ScanBlock } from "./scan.ts";

export interface MarkdownBlock {
  readonly type: "markdown";
  /** Slack's flavour, as in the model: `*bold*`, `_italic_`, `` `code` ``, `<https://…|text>`. */
  readonly text: string;
}
export interface HeaderBlock {
  readonly type: "header";
  readonly text: string;
}
export interface DividerBlock {
  readonly type: "divider";
}
export interface ListBlock {
  readonly type: "list";
  readonly items: readonly string[];
}
export interface TableBlock {
  readonly type: "table";
  readonly name?: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** `vertical`: a line for each cell, with its header before it; for a few rows of many columns. Left out: `horizontal`. */
  readonly layout?: "horizontal" | "vertical";
  /** By its header, how a column's cells are shown; a cell that is no such thing is shown as it is. */
  readonly formats?: Readonly<Record<string, CellFormat>>;
  /** Where there is too little room for all columns: the share of each, as in `[1, 1, 2]`. */
  readonly widths?: readonly number[];
}
/** `datetime`: milliseconds since the epoch, or a timestamp of RFC 3339, shown as a date and a time in UTC. */
export type CellFormat = "datetime";
export interface FileBlock {
  readonly type: "file";
  readonly filename: string;
  readonly contents: string;
  /** How `contents` stands for bytes. */
  readonly encoding: "utf8" | "base64";
  /** Of a file without contents: why it has none. */
  readonly remarks?: string;
}
export interface JsonBlock {
  readonly type: "json";
  readonly value: Json;
}
export interface LinksBlock {
  readonly type: "links";
  readonly links: readonly { readonly text: string; readonly url: string }[];
}
export interface DiffBlock {
  readonly type: "diff";
  /** What changed: `Deployment shop/checkout`. */
  readonly name: string;
  readonly changes: readonly FieldChange[];
  /** What happened to it. Left out: `update`. */
  readonly operation?: "create" | "update" | "delete";
}
export interface FieldChange {
  /** As in `spec.containers[0].image`. */
  readonly path: string;
  /** Absent: the field was added. */
  readonly before?: Json;
  /** Absent: the field was removed. */
  readonly after?: Json;
}
export interface EventsBlock {
  readonly type: "events";
  /** Whose: `Pod shop/checkout-7d9f`. */
  readonly name: string;
  readonly events: readonly EventRow[];
}
export interface EventRow {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339, as the API server has it. */
  readonly lastSeen: string;
}
/** Lines over time. Made by `graph`, which bounds it. */
export interface GraphBlock {
  readonly type: "graph";
  readonly title: string;
  readonly format: GraphFormat;
  readonly series: readonly GraphSeries[];
  /** How many series more there were than are kept. */
  readonly seriesLeftOut?: number;
  /** Limits and thresholds: horizontal. */
  readonly lines?: readonly { readonly name: string; readonly value: number }[];
  /** Moments, as the start of an alert, in milliseconds since the epoch: vertical. */
  readonly marks?: readonly { readonly name: string; readonly at: number }[];
  /** False: the series' names are not shown. */
  readonly legend?: boolean;
}
/** What values are: numbers, bytes, ratios of which 1 is 100 %, or cores. */
export type GraphFormat = "plain" | "bytes" | "percentage" | "cpu_usage";
export interface GraphSeries {
  readonly name: string;
  /** In the order of their times, which are milliseconds since the epoch. Null: nothing is known from here to the next point. */
  readonly points: readonly (readonly [at: number, value: number | null])[];
}

/** Actions that a reader can have run. Everybody who sees the finding sees their params: no secret belongs into them. */
export interface CallbackBlock {
  readonly type: "callback";
  readonly choices: readonly CallbackChoice[];
}
export interface CallbackChoice {
  readonly text: string;
  /** The action's name, as playbooks write it. */
  readonly action: string;
  readonly params: Readonly<Record<string, Json>>;
  /** The object that it is run on. */
  readonly target?: CallbackTarget;
}
export interface CallbackTarget {
  /** As in `HorizontalPodAutoscaler`. */
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
/** What a language model answered. */
export interface AnalysisBlock {
  readonly type: "analysis";
  /** Slack's flavour of markdown, as in a markdown block. */
  readonly text: string;
  /** The parts of a longer answer, after the text. */
  readonly sections: readonly { readonly title: string; readonly text: string }[];
  /** What the model looked at before it answered: a row for each call of a tool. */
  readonly evidence: readonly Evidence[];
}
export interface Evidence {
  readonly tool: string;
  readonly description: string;
  readonly result: string;
}

export type Block =
  | MarkdownBlock
  | HeaderBlock
  | DividerBlock
  | ListBlock
  | TableBlock
  | FileBlock
  | JsonBlock
  | LinksBlock
  | DiffBlock
  | EventsBlock
  | CallbackBlock
  | ScanBlock
  | AnalysisBlock
  | GraphBlock;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export const markdown = (text: string): MarkdownBlock => ({ type: "markdown", text });
export const header = (text: string): HeaderBlock => ({ type: "header", text });
export const divider = (): DividerBlock => ({ type: "divider" });
export const list = (items: readonly string[]): ListBlock => ({ type: "list", items });

export type TableOptions = Omit<TableBlock, "type" | "headers" | "rows">;

/**
 * A table. Its name stands above it, or is the file's name where a sink has to make it a file.
 *
 * @example table(["pod", "started"], [["checkout-1", "1785580867000"]], { name: "Pods", formats: { started: "datetime" } })
 */
export const table = (
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  options: string | TableOptions = {},
): TableBlock => ({
  type: "table",
  headers,
  rows,
  ...(typeof options === "string" ? { name: options } : options),
});

/** An attachment. Text is kept as text; bytes travel as base64. */
export const file = (filename: string, contents: string | Uint8Array): FileBlock =>
  typeof contents === "string"
    ? { type: "file", filename, contents, encoding: "utf8" }
    : { type: "file", filename, contents: Buffer.from(contents).toString("base64"), encoding: "base64" };

/** The place of a file that there is nothing to put into: `emptyFile("api.log", "the container has written nothing")`. */
export const emptyFile = (filename: string, remarks: string): FileBlock => ({ ...file(filename, ""), remarks });

export const json = (value: Json): JsonBlock => ({ type: "json", value });
export const links = (items: LinksBlock["links"]): LinksBlock => ({ type: "links", links: items });
export const events = (name: string, rows: readonly EventRow[]): EventsBlock => ({
  type: "events",
  name,
  events: rows,
});

/** What changed in an object: `diff("Deployment shop/checkout", event.changes)`. Sinks count what was added, removed and changed. */
export const diff = (
  name: string,
  changes: readonly FieldChange[],
  operation: NonNullable<DiffBlock["operation"]> = "update",
): DiffBlock => ({ type: "diff", name, changes, ...(operation === "update" ? {} : { operation }) });

/** What an author writes of a choice. */
export interface NewChoice {
  readonly text: string;
  /** The action, or its name. */
  readonly action: string | { readonly name: string };
  readonly params?: Readonly<Record<string, Json | undefined>>;
  /** The object that it is run on. */
  readonly target?: {
    readonly kind?: string | undefined;
    readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  };
}

/**
 * Actions that a reader can have run.
 *
 * @example callback([{ text: "Allow 15 replicas", action: "scale_hpa_callback", params: { max_replicas: 15 }, target: hpa }])
 */
export const callback = (choices: readonly NewChoice[]): CallbackBlock => ({
  type: "callback",
  choices: choices.map(({ text, action, params = {}, target }) => ({
    text,
    action: typeof action === "string" ? action : action.name,
    params: Object.fromEntries(
      Object.entries(params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(target === undefined ? {} : { target: targetOf(target) }),
  })),
});

const targetOf = ({ kind = "Object", metadata: { name, namespace } }: NonNullable<NewChoice["target"]>) => ({
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
});

/** What a language model answered, with what it looked at. */
export const analysis = (
  text: string,
  { sections = [], evidence = [] }: Partial<Pick<AnalysisBlock, "sections" | "evidence">> = {},
): AnalysisBlock => ({ type: "analysis", text, sections, evidence });
