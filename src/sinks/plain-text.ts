/** Blocks as plain text, for terminals, for bodies of text, and for what does not fit into a message. */
import { stripVTControlCharacters } from "node:util";
import type { Block, EventsBlock, FieldChange, Json, TableBlock } from "../findings/blocks.ts";
import type { Enrichment } from "../findings/finding.ts";
import { graphLines } from "../graphs/words.ts";
import { fileBytes, sizeWords } from "./wording.ts";

export interface PlainTextOptions {
  /** How many lines of a text file are shown, the last ones. */
  readonly fileLines: number;
}

/** An enrichment as lines; its title first. */
export const enrichmentLines = ({ title, blocks }: Enrichment, options: PlainTextOptions): string[] => [
  ...(title ? [title] : []),
  ...blocks.flatMap((block) => blockLines(block, options)),
];

/** A block as lines. */
export function blockLines(block: Block, options: PlainTextOptions): string[] {
  switch (block.type) {
    case "markdown":
      return lines(plainMarkdown(block.text));
    case "header":
      return [block.text, "=".repeat(Math.min(block.text.length, 80))];
    case "divider":
      return ["-".repeat(40)];
    case "list":
      return block.items.flatMap((item) => hanging("• ", plainMarkdown(item)));
    case "table":
      return [...(block.name ? [`${block.name}:`] : []), ...tableLines(block)];
    case "file":
      return fileLines(block, options);
    case "json":
      return lines(JSON.stringify(block.value, null, 2));
    case "links":
      return block.links.map(({ text, url }) => `${text}: ${url}`);
    case "diff":
      return [`${block.name}:`, ...block.changes.flatMap(changeLines)];
    case "events":
      return [`Events of ${block.name}:`, ...tableLines(eventsTable(block))];
    case "graph":
      return lines([`${block.title}:`, ...graphLines(block, wholeGraph).map((line) => `  ${line}`)].join("\n"));
  }
}

const wholeGraph = { series: Number.POSITIVE_INFINITY, sparklines: true };

/** What a terminal shows as it is: no control characters but line breaks and tabs, no half characters. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text.toWellFormed()).replace(/\r\n?/g, "\n").replace(controlCharacters, "");

const controlCharacters = /[^\P{Cc}\n\t]/gu;

/** The lines of a text, without empty ones at either end. */
function lines(text: string): string[] {
  const all = printable(text).split("\n");
  const first = all.findIndex((line) => line !== "");
  return first === -1 ? [] : all.slice(first, all.findLastIndex((line) => line !== "") + 1);
}

const hanging = (bullet: string, text: string): string[] =>
  lines(text).map((line, index) => (index === 0 ? bullet : " ".repeat(bullet.length)) + line);

/** Slack's markdown without its brackets, fences and entities: `<https://x|text>` becomes `text (https://x)`. */
function plainMarkdown(text: string): string {
  return text
    .replace(/\n?```\n?([\s\S]*?)\n?(?:```\n?|$)/g, "\n$1\n")
    .replace(/<(https?:[^<>|\n]+)\|([^<>\n]+)>/g, "$2 ($1)")
    .replace(/<((?:https?|mailto):[^<>|\n]+)>/g, "$1")
    .replace(/<!date\^[^<>|\n]*\|([^<>\n]*)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function fileLines(block: Extract<Block, { type: "file" }>, options: PlainTextOptions): string[] {
  const title = `${block.filename} (${sizeWords(fileBytes(block).length)})`;
  if (block.encoding === "base64") return [title];
  const all = lines(block.contents);
  const shown = all.slice(-options.fileLines);
  const left = all.length - shown.length;
  const note = left === 0 ? "" : `, the last ${shown.length} of ${all.length} lines`;
  return [`${title}${note}:`, ...shown.map((line) => `  ${line}`)];
}

/** A table with its columns aligned; a line break within a cell becomes a space. */
export function tableLines({ headers, rows }: Pick<TableBlock, "headers" | "rows">): string[] {
  const cells = [headers, ...rows].map((row) => row.map((cell) => printable(cell).replaceAll("\n", " ")));
  const columns = cells.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columns }, (_, column) =>
    cells.reduce((widest, row) => Math.max(widest, width(row[column] ?? "")), 0),
  );
  const [head = [], ...body] = cells.map((row) =>
    widths
      .map((wide, column) => (row[column] ?? "") + " ".repeat(wide - width(row[column] ?? "")))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((wide) => "-".repeat(wide)).join("  ");
  return headers.length === 0 ? body : [`${head}`, rule, ...body];
}

const width = (text: string): number => [...text].length;

export const eventsTable = ({ events }: EventsBlock): Pick<TableBlock, "headers" | "rows"> => ({
  headers: ["last seen", "type", "reason", "count", "message"],
  rows: events.map(({ lastSeen, type, reason, count, message }) => [lastSeen, type, reason, String(count), message]),
});

/** A changed field as in a diff: a line for what was, a line for what is. */
export function changeLines({ path, before, after }: FieldChange): string[] {
  const side = (sign: string, value: Json | undefined) =>
    value === undefined ? [] : lines(`${sign} ${path}: ${valueText(value).replaceAll("\n", "\n    ")}`);
  return [...side("-", before), ...side("+", after)];
}

const valueText = (value: Json): string => {
  if (typeof value === "string") return value;
  const short = JSON.stringify(value);
  return short.length <= 80 ? short : JSON.stringify(value, null, 2);
};
