/** Blocks: what an enrichment is made of. Plain data with one JSON form; each sink renders them within its own limits. */

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
}
export interface FileBlock {
  readonly type: "file";
  readonly filename: string;
  readonly contents: string;
  /** How `contents` stands for bytes. */
  readonly encoding: "utf8" | "base64";
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
  | GraphBlock;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export const markdown = (text: string): MarkdownBlock => ({ type: "markdown", text });
export const header = (text: string): HeaderBlock => ({ type: "header", text });
export const divider = (): DividerBlock => ({ type: "divider" });
export const list = (items: readonly string[]): ListBlock => ({ type: "list", items });

/** A table; `name` stands above it, or is the file's name where a sink has to make it a file. */
export const table = (headers: readonly string[], rows: readonly (readonly string[])[], name?: string): TableBlock => ({
  type: "table",
  headers,
  rows,
  ...(name === undefined ? {} : { name }),
});

/** An attachment. Text is kept as text; bytes travel as base64. */
export const file = (filename: string, contents: string | Uint8Array): FileBlock =>
  typeof contents === "string"
    ? { type: "file", filename, contents, encoding: "utf8" }
    : { type: "file", filename, contents: Buffer.from(contents).toString("base64"), encoding: "base64" };

export const json = (value: Json): JsonBlock => ({ type: "json", value });
export const links = (items: LinksBlock["links"]): LinksBlock => ({ type: "links", links: items });
export const events = (name: string, rows: readonly EventRow[]): EventsBlock => ({
  type: "events",
  name,
  events: rows,
});
