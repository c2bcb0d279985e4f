/** What Slack shows of each type of block. */
import type {
  AnalysisBlock,
  Block,
  CallbackBlock,
  CallbackChoice,
  EventRow,
  Evidence,
  GraphBlock,
  TableBlock,
} from "../findings/blocks.ts";
import type { ScanBlock } from "../findings/scan.ts";
import { graphLines } from "../graphs/words.ts";
import { changeCounts, commandWords, evidenceWords, scanTable, scanWords, targetWords } from "./block-words.ts";
import { headOf, headOfBytes } from "./fit-text.ts";
import { blockLines, changeLines } from "./plain-text.ts";
import { printable } from "./printable.ts";
import { maxHeader, maxText } from "./slack-limits.ts";
import { divider, headerBlock } from "./slack-message.ts";
import {
  bold,
  codePiece,
  cutMark,
  fileName,
  filePiece,
  maxCodeWidth,
  type Piece,
  type PieceOptions,
} from "./slack-pieces.ts";
import { escapeText, inlineText, oneLine, safeMarkdown, slackLink, slackTime } from "./slack-text.ts";
import { cellTexts, tableLines } from "./table-text.ts";

/** The pieces of a block, in the order in which they are shown. */
export function toPieces(block: Block, options: PieceOptions): readonly Piece[] {
  if (block.type === "analysis") return analysisPieces(block, options);
  if (block.type === "callback") return callbackPieces(block, options);
  return [{ whole: () => blockLines(block, wholeBlocks), ...shownAs(block, options) }];
}

/** As plain text, without anything left out. */
export const wholeBlocks = { fileLines: Number.POSITIVE_INFINITY, blockLines: Number.POSITIVE_INFINITY };

function shownAs(block: Exclude<Block, AnalysisBlock | CallbackBlock>, options: PieceOptions): Piece {
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
    case "scan":
      return scanPiece(block, options);
    case "graph":
      return graphPiece(block);
  }
}

const headerPiece = (text: string): Piece => (text === "" ? {} : { block: headerBlock(text) });

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

/** As many buttons as there is room for, and the other choices as commands. */
function callbackPieces({ choices }: CallbackBlock, { button }: PieceOptions): readonly Piece[] {
  const shown = choices.map((choice) => ({ choice, made: button?.(choice) }));
  const buttons = shown.filter(({ made }) => made !== undefined);
  const commands = shown.filter(({ made }) => made === undefined).map(({ choice }) => choice);
  const whole = (of: readonly CallbackChoice[]) => () => blockLines({ type: "callback", choices: of }, wholeBlocks);
  return [
    ...(buttons.length === 0
      ? []
      : [
          {
            block: { type: "actions" as const, elements: buttons.flatMap(({ made = [] }) => made) },
            whole: whole(buttons.map(({ choice }) => choice)),
          },
        ]),
    ...(commands.length === 0 ? [] : [{ text: commands.map(choiceText).join("\n"), whole: whole(commands) }]),
  ];
}

function choiceText(choice: CallbackChoice): string {
  const command = inlineText(commandWords(choice)).replaceAll("`", "ˋ");
  return `• ${bold(choice.text)}: \`${command}\`${inlineText(targetWords(choice))}`;
}

function analysisPieces({ text, sections, evidence }: AnalysisBlock, { maxFileBytes }: PieceOptions): readonly Piece[] {
  const part = (title: string, body: string): Piece => ({
    text: `${title}\n${safeMarkdown(body)}`,
    whole: () => [printable(title), ...blockLines({ type: "markdown", text: body }, wholeBlocks)],
  });
  const looked = printable(evidence.map(evidenceText).join("\n"));
  const bytes = Buffer.from(headOfBytes(looked, maxFileBytes, cutMark));
  const words = inlineText(evidenceWords(evidence.map(({ tool }) => tool)));
  return [
    part("_Written by a language model:_", text),
    ...sections.map((section) => part(bold(section.title), section.text)),
    ...(evidence.length === 0
      ? []
      : [
          {
            text: words,
            whole: () => looked.split("\n"),
            file: { name: "evidence.txt", bytes },
            caption: ", in the thread as `evidence.txt`",
          },
        ]),
  ];
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

const evidenceText = ({ tool, description, result }: Evidence): string => `${tool}: ${description}\n${result}\n`;

function eventText({ type, reason, message, count, lastSeen }: EventRow): string {
  const times = count > 1 ? ` ×${count}` : "";
  const kind = type === "Normal" ? "" : `${bold(type)} `;
  const at = Date.parse(lastSeen);
  const seen = Number.isNaN(at) ? inlineText(lastSeen) : slackTime(at);
  return `• ${kind}${inlineText(reason)}${times}, ${seen}: ${inlineText(message)}`;
}
