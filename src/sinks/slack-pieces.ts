/** Parts of a Slack message, and what they are made with: code, files, names. */
import type { CallbackChoice, FileBlock } from "../findings/blocks.ts";
import { headOf, headOfBytes, tailOfBytes } from "./fit-text.ts";
import { printable } from "./printable.ts";
import { maxFileName, maxText } from "./slack-limits.ts";
import type { SlackBlock, SlackButton, SlackFile, SlackGraph } from "./slack-message.ts";
import { codeBlock, escapeText, inlineText } from "./slack-text.ts";
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
  /** Makes a choice a button; undefined for what cannot be one. Absent: none can. */
  readonly button?: ((choice: CallbackChoice) => SlackButton | undefined) | undefined;
}

/** The widest line that Slack shows in a code block without wrapping it, on a usual screen. */
export const maxCodeWidth = 110;
/** Room for code in a section, beside a title of 100 characters, however many of them are entities. */
const maxCode = maxText - 600;
const previewLines = 15;
const previewLength = 1_500;

export const bold = (text: string): string => {
  const name = inlineText(text).replaceAll("*", "∗").trim();
  return name === "" ? "" : `*${name}*`;
};

/** `Pod shop/checkout-1 changes` as a name that every system takes. */
export function fileName(name: string, extension: string): string {
  const safe = printable(headOf(name, maxFileName * 2)).replace(/[^\p{L}\p{N}._-]+/gu, "-");
  return `${headOf(safe.replace(/^[-.]+/, ""), maxFileName - extension.length - 1) || "file"}.${extension}`;
}

/** Lines in a code block under a short title; a file where they are too wide or too many. */
export function codePiece(
  title: string,
  lines: readonly string[],
  name: string,
  { maxFileBytes }: PieceOptions,
): Piece {
  if (lines.length === 0) return { text: title };
  const narrow = lines.every((line) => line.length <= maxCodeWidth);
  const code = narrow ? codeBlock(lines, maxCode) : undefined;
  if (code !== undefined) return { text: title === "" ? code : `${title}\n${code}` };
  const bytes = Buffer.from(headOfBytes(lines.join("\n"), maxFileBytes, cutMark));
  const text = `${title === "" ? "" : `${title}, `}in the thread as \`${escapeText(name)}\` (${count(lines.length, "line")})`;
  return { text, file: { name, bytes } };
}

export const cutMark = "\n… and more, which was cut";

export function filePiece(block: FileBlock, { maxFileBytes }: PieceOptions): Piece {
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
