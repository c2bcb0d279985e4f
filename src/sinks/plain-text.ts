/** Blocks as plain text, for terminals, for bodies of text, and for what does not fit into a message. */
import type { AnalysisBlock, Block, FieldChange, Json, TableBlock } from "../findings/blocks.ts";
import type { Enrichment } from "../findings/finding.ts";
import { graphLines } from "../graphs/words.ts";
import { changeCounts, commandWords, scanTable, scanWords, targetWords } from "./block-words.ts";
import { printable, printableLine } from "./printable.ts";
import { eventsTable, type TableText, tableLines } from "./table-text.ts";
import { fileBytes, sizeWords } from "./wording.ts";

export interface PlainTextOptions {
  /** How many lines of a text file are shown, the last ones. */
  readonly fileLines: number;
  /** How many lines of a block are shown, the first ones. */
  readonly blockLines: number;
}

/** An enrichment as lines; its title first. */
export const enrichmentLines = ({ title, blocks }: Enrichment, options: PlainTextOptions): string[] => [
  ...(title ? [printableLine(title)] : []),
  ...blocks.flatMap((block) => blockLines(block, options)),
];

/** A block as lines; where it has more of them than are shown, the last line says so. */
export function blockLines(block: Block, options: PlainTextOptions): string[] {
  const all = allLines(block, options);
  const left = all.length - options.blockLines;
  return left <= 1 ? all : [...all.slice(0, options.blockLines), `… and ${left} more lines`];
}

function allLines(block: Block, options: PlainTextOptions): string[] {
  switch (block.type) {
    case "markdown":
      return lines(plainMarkdown(block.text));
    case "header":
      return headerLines(printableLine(block.text));
    case "divider":
      return ["-".repeat(40)];
    case "list":
      return block.items.flatMap((item) => hanging("• ", plainMarkdown(item)));
    case "table":
      return tableBlockLines(block);
    case "file":
      return fileLines(block, options);
    case "json":
      return lines(JSON.stringify(block.value, null, 2));
    case "links":
      return block.links.map(({ text, url }) => printableLine(`${text}: ${url}`));
    case "diff":
      return [printableLine(`${block.name}: ${changeCounts(block)}`), ...block.changes.flatMap(changeLines)];
    case "events":
      return block.events.length === 0
        ? [printableLine(`Events of ${block.name}: none`)]
        : tableBlockLines({ name: `Events of ${block.name}`, ...eventsTable(block) });
    case "callback":
      return block.choices.flatMap((choice) =>
        hanging("• ", printableLine(`${choice.text}: ${commandWords(choice)}${targetWords(choice)}`)),
      );
    case "scan":
      return [printableLine(`${block.title}: ${scanWords(block)}`), ...tableLines(scanTable(block))];
    case "analysis":
      return analysisLines(block, options);
    case "graph":
      return lines([`${block.title}:`, ...graphLines(block, wholeGraph).map((line) => `  ${line}`)].join("\n"));
  }
}

const wholeGraph = { series: Number.POSITIVE_INFINITY, sparklines: true };

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

const headerLines = (text: string): string[] => (text === "" ? [] : [text, "=".repeat(Math.min(text.length, 80))]);

function tableBlockLines(block: TableText & Pick<TableBlock, "name">): string[] {
  const name = printableLine(block.name ?? "");
  if (block.rows.length === 0) return [`${name || "The table"}: no rows`];
  return [...(name === "" ? [] : [`${name}:`]), ...tableLines(block)];
}

function analysisLines({ text, sections, evidence }: AnalysisBlock, options: PlainTextOptions): string[] {
  return [
    "Written by a language model:",
    ...lines(plainMarkdown(text)),
    ...sections.flatMap((section) => [`${printableLine(section.title)}:`, ...lines(plainMarkdown(section.text))]),
    ...evidence.flatMap(({ tool, description, result }) => [
      printableLine(`Looked at with ${tool}: ${description}`),
      ...lines(result)
        .slice(-options.fileLines)
        .map((line) => `  ${line}`),
    ]),
  ];
}

function fileLines(block: Extract<Block, { type: "file" }>, options: PlainTextOptions): string[] {
  const name = printableLine(block.filename);
  const title = `${name} (${sizeWords(fileBytes(block).length)})`;
  if (block.contents === "") return [printableLine(`${name} is empty${block.remarks ? `: ${block.remarks}` : ""}`)];
  if (block.encoding === "base64") return [title];
  const all = lines(block.contents);
  const shown = all.slice(-options.fileLines);
  const left = all.length - shown.length;
  const note = left === 0 ? "" : `, the last ${shown.length} of ${all.length} lines`;
  return [`${title}${note}:`, ...shown.map((line) => `  ${line}`)];
}

/** A changed field as in a diff: a line for what was, a line for what is. */
export function changeLines({ path, before, after }: FieldChange): string[] {
  const side = (sign: string, value: Json | undefined) =>
    value === undefined ? [] : lines(`${sign} ${printableLine(path)}: ${valueText(value).replaceAll("\n", "\n    ")}`);
  return [...side("-", before), ...side("+", after)];
}

const valueText = (value: Json): string => {
  if (typeof value === "string") return value;
  const short = JSON.stringify(value);
  return short.length <= 80 ? short : JSON.stringify(value, null, 2);
};
