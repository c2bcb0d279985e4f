/** What Slack shows of each type of block. */
import type {
  AnalysisBlock,
  Block,
  CallbackChoice,
  EventRow,
  FileBlock,
  GraphBlock,
  TableBlock,
} from "../findings/blocks.ts";
import type { ScanBlock } from "../findings/scan.ts";
import { graphLines } from "../graphs/words.ts";
import { changeCounts, commandWords, evidenceWords, scanTable, scanWords, targetWords } from "./block-words.ts";
import { headOf, headOfBytes, tailOfBytes } from "./fit-text.ts";
import { blockLines, changeLines } from "./plain-text.ts";
import { printable } from "./printable.ts";
import { maxFileName, maxHeader, maxText } from "./slack-limits.ts";
import { divider, headerBlock, type SlackBlock, type SlackFile, type SlackGraph } from "./slack-message.ts";
import { codeBlock, escapeText, inlineText, oneLine, safeMarkdown, slackLink, slackTime } from "./slack-text.ts";
import { cellTexts, tableLines } from "./table-text.ts";
import { count, fileBytes, sizeWords } from "./wording.ts";

/** A part of a message: mrkdwn that may be cut, with its whole as plain text; or a block; and a file that belongs to it. */
export interface Piece {
  readonly text?: string;
  readonly whole?: () => readonly string[];
  readonly block?: SlackBlock;
  readonly file?: SlackFile | SlackGraph;
  /** Said after the text where there is room for the file. */
  readonly caption?: string;
}

export interface PieceOptions {
  /** Of text files; longer ones lose their oldest lines. */
  readonly maxFileBytes: number;
}

/** The widest line that Slack shows in a code block without wrapping it, on a usual screen. */
const maxCodeWidth = 110;
/** Room for code in a section, beside a title of 100 characters, however many of them are entities. */
const maxCode = maxText - 600;
const previewLines = 15;
const previewLength = 1_500;

/** The pieces of a block, in the order in which they are shown. */
export function toPieces(block: Block, options: PieceOptions): readonly Piece[] {
  if (block.type === "analysis") return analysisPieces(block, options);
  return [{ whole: () => blockLines(block, wholeBlocks), ...shownAs(block, options) }];
}

/** As plain text, without anything left out. */
export const wholeBlocks = { fileLines: Number.POSITIVE_INFINITY, blockLines: Number.POSITIVE_INFINITY };

function shownAs(block: Exclude<Block, AnalysisBlock>, options: PieceOptions): Piece {
  switch (block.type) {
    case "markdown":
      return { text: safeMarkdown(block.text) };
    case "header":
      return headerPiece(oneLine(block.text, maxHeader));
    case "divider":
      return { block: divider };
    case "list":
      return { text: safeMarkdown(block.items.map((item) => `• ${item.replaceAll("\n", "\n   ")}`).join("\n")) };
    case "table":
      return tablePiece(block, options);
    case "file":
      return filePiece(block, options);
    case "json":
      return codePiece("", JSON.stringify(block.value, null, 2).split("\n"), "data.json", options);
    case "links":
      return { text: block.links.map(({ text, url }) => slackLink(text, url)).join("  ·  ") };
    case "diff":
      return codePiece(
        `${bold(headOf(block.name, 100))}: ${changeCounts(block)}`,
        block.changes.flatMap(changeLines),
        fileName(`${block.name}-changes`, "txt"),
        options,
      );
    case "events":
      return {
        text: [
          `${bold(`Events of ${block.name}`)}${block.events.length === 0 ? ": none" : ""}`,
          ...block.events.map(eventText),
        ].join("\n"),
      };
    case "callback":
      return { text: block.choices.map(choiceText).join("\n") };
    case "scan":
      return scanPiece(block, options);
    case "graph":
      return graphPiece(block);
  }
}

const headerPiece = (text: string): Piece => (text === "" ? {} : { block: headerBlock(text) });

const bold = (text: string): string => {
  const name = inlineText(text).replaceAll("*", "∗").trim();
  return name === "" ? "" : `*${name}*`;
};

/** `Pod shop/checkout-1 changes` as a name that every system takes. */
function fileName(name: string, extension: string): string {
  const safe = printable(headOf(name, maxFileName * 2)).replace(/[^\p{L}\p{N}._-]+/gu, "-");
  return `${headOf(safe.replace(/^[-.]+/, ""), maxFileName - extension.length - 1) || "file"}.${extension}`;
}

/** Lines in a code block under a short title; a file where they are too wide or too many. */
function codePiece(title: string, lines: readonly string[], name: string, { maxFileBytes }: PieceOptions): Piece {
  if (lines.length === 0) return { text: title };
  const narrow = lines.every((line) => line.length <= maxCodeWidth);
  const code = narrow ? codeBlock(lines, maxCode) : undefined;
  if (code !== undefined) return { text: title === "" ? code : `${title}\n${code}` };
  const bytes = Buffer.from(headOfBytes(lines.join("\n"), maxFileBytes, cutMark));
  const text = `${title === "" ? "" : `${title}, `}in the thread as \`${escapeText(name)}\` (${count(lines.length, "line")})`;
  return { text, file: { name, bytes } };
}

const cutMark = "\n… and more, which was cut";

function tablePiece(block: TableBlock, options: PieceOptions): Piece {
  const { name = "", rows } = block;
  const title = bold(headOf(name, 100));
  if (rows.length === 0) return { text: `${title || "The table"}: no rows` };
  const text = block.layout === "vertical" ? verticalText(title, block) : undefined;
  if (text !== undefined && text.length <= maxText) return { text };
  return codePiece(title, tableLines(block, maxCodeWidth), fileName(name || "table", "txt"), options);
}

function verticalText(title: string, block: TableBlock): string {
  const rows = cellTexts(block).map((row) =>
    row.map((cell, column) => `${bold(block.headers[column] ?? "")} ${inlineText(cell)}`.trim()),
  );
  return [...(title === "" ? [] : [title]), rows.map((lines) => lines.join("\n")).join("\n\n")].join("\n");
}

const scanPiece = (block: ScanBlock, options: PieceOptions): Piece =>
  codePiece(
    `${bold(headOf(block.title, 60))}: ${inlineText(scanWords(block))}`,
    block.rows.length === 0 ? [] : tableLines(scanTable(block), maxCodeWidth),
    fileName(block.title, "txt"),
    options,
  );

function choiceText(choice: CallbackChoice): string {
  const command = inlineText(commandWords(choice)).replaceAll("`", "ˋ");
  return `• ${bold(choice.text)}: \`${command}\`${inlineText(targetWords(choice))}`;
}

function analysisPieces({ text, sections, evidence }: AnalysisBlock, { maxFileBytes }: PieceOptions): readonly Piece[] {
  const part = (title: string, body: string): Piece => ({
    text: `${title}\n${safeMarkdown(body)}`,
    whole: () => [printable(title), ...blockLines({ type: "markdown", text: body }, wholeBlocks)],
  });
  const looked = evidence.map(({ tool, description, result }) => `${tool}: ${description}\n${result}\n`).join("\n");
  const bytes = Buffer.from(headOfBytes(printable(looked), maxFileBytes, cutMark));
  const words = inlineText(evidenceWords(evidence.map(({ tool }) => tool)));
  return [
    part("_Written by a language model:_", text),
    ...sections.map((section) => part(bold(section.title), section.text)),
    ...(evidence.length === 0
      ? []
      : [{ text: `_${words}, in the thread as_ \`evidence.txt\``, file: { name: "evidence.txt", bytes } }]),
  ];
}

function filePiece(block: FileBlock, { maxFileBytes }: PieceOptions): Piece {
  const original = fileBytes(block);
  const name = safeFileName(block.filename);
  const shown = `\`${escapeText(name)}\``;
  if (original.length === 0)
    return { text: `${shown} is empty${block.remarks ? `: ${inlineText(block.remarks)}` : ""}` };
  if (block.encoding === "base64") {
    return { text: `${shown} (${sizeWords(original.length)}), in the thread`, file: { name, bytes: original } };
  }
  const bytes = tailOfBytes(original, maxFileBytes);
  const cut =
    bytes.length < original.length ? `, of ${sizeWords(original.length)} the last ${sizeWords(bytes.length)}` : "";
  const head = `${shown} (${sizeWords(bytes.length)}), in the thread${cut}`;
  const lines = printable(bytes.subarray(-4 * previewLength).toString())
    .trimEnd()
    .split("\n");
  const preview = lastLines(lines);
  return { text: preview === undefined ? head : `${head}; its end:\n${preview}`, file: { name, bytes } };
}

/** As many as a reader takes in beside the picture. */
const graphWords = { series: 5, sparklines: false };

/** In words too, as a picture may be missing, or nobody may look at the thread. */
function graphPiece(graph: GraphBlock): Piece {
  const name = fileName(graph.title || "graph", "png");
  const lines = graphLines(graph, graphWords).map((line) => `• ${inlineText(line)}`);
  return {
    text: [bold(graph.title) || "A graph", ...lines].join("\n"),
    file: { name, graph },
    caption: `\n\`${escapeText(name)}\`, in the thread`,
  };
}

function safeFileName(name: string): string {
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1];
  return extension === undefined ? fileName(name, "txt") : fileName(name.slice(0, -extension.length - 1), extension);
}

/** The last lines as a code block: as many as fit. */
function lastLines(lines: readonly string[]): string | undefined {
  for (let from = Math.max(0, lines.length - previewLines); from < lines.length; from += 1) {
    const code = codeBlock(lines.slice(from), previewLength);
    if (code !== undefined) return code;
  }
  return;
}

function eventText({ type, reason, message, count, lastSeen }: EventRow): string {
  const times = count > 1 ? ` ×${count}` : "";
  const kind = type === "Normal" ? "" : `${bold(type)} `;
  const at = Date.parse(lastSeen);
  const seen = Number.isNaN(at) ? inlineText(lastSeen) : slackTime(at);
  return `• ${kind}${inlineText(reason)}${times}, ${seen}: ${inlineText(message)}`;
}
