/** Writes docs/blocks.md: how each sink shows each block, read off what it renders. Run by `npm run generate`; a test holds the page. */
import { writeFileSync } from "node:fs";
import type { Block } from "../src/findings/blocks.ts";
import { type Samples, samples } from "./block-samples.ts";
import { modelBlocks } from "./model-blocks.ts";
import { inSlack, onConsole, sizeLimit, slackText, toFile, toWebhook } from "./shown-blocks.ts";

const all: readonly (readonly [type: string, samples: Samples<Block>])[] = Object.entries(samples);

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string) => `\`${text}\``;
const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
const tableOf = (headers: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(headers), `|${headers.map(() => "---|").join("")}`, ...rows.map(row)].join("\n");

function slackWords(block: Block): string {
  const { blocks, files, pictures } = inSlack(block);
  const names = files.map(({ name }) => name);
  const rest = names.includes("details.txt");
  const shown = blocks
    .filter(({ type }) => type !== "context")
    .map((one) => (isCode(slackText(one)) ? "code" : one.type));
  const words = [...new Set(shown)].map((type) => kinds[type] ?? type);
  const inThread = [...names.filter((name) => name !== "details.txt"), ...pictures].map(code);
  return [
    ...(words.length === 0 ? ["nothing"] : [words.join(", ")]),
    ...(inThread.length === 0 ? [] : [`in the thread ${inThread.join(", ")}`]),
    ...(!rest && blocks.some((one) => slackText(one).endsWith("…")) ? ["cut"] : []),
    ...(rest ? ["cut where the message is full; the whole in the thread, `details.txt`"] : []),
  ].join("; ");
}

const kinds: Readonly<Record<string, string>> = {
  section: "text",
  code: "code",
  header: "a header",
  divider: "a line",
};
const isCode = (text: string) => /```\n/.test(text);

function textWords(text: string): string {
  if (/enrichments? (?:was|were) left out/.test(text)) return "left out, and says so";
  const last = /, the last \d+ of \d+ lines/.exec(text)?.[0].slice(2);
  const more = /… and \d+ more lines/.test(text)
    ? `the first ${text.trimEnd().split("\n").length - 1} lines`
    : undefined;
  const lines = text.trim() === "" ? 0 : text.trimEnd().split("\n").length;
  return last ?? more ?? (lines === 0 ? "nothing" : "whole");
}

/** Whether the block that was written is the block. */
function jsonWords(block: Block, written: string): string {
  const { enrichments, enrichmentsLeftOut } = JSON.parse(written);
  if (enrichmentsLeftOut !== undefined) return "left out, `enrichmentsLeftOut` says so";
  return JSON.stringify(enrichments[0].blocks[0]) === JSON.stringify(block) ? "whole" : "shortened";
}

const text = { format: "text", slack_webhook: false } as const;
const json = { format: "json", slack_webhook: false } as const;
const headers = ["block", "Slack", "console", "webhook, text", "webhook, JSON", "file"];

const shownBy = async (type: string, block: Block) => [
  `[${code(type)}](#${type})`,
  slackWords(block),
  textWords(onConsole(block)),
  textWords(toWebhook(block, text).split("\n").slice(1).join("\n")),
  jsonWords(block, toWebhook(block, json)),
  jsonWords(block, await toFile(block)),
];

const fenced = (language: string, body: string) =>
  `\`\`\`\`${language}\n${body.replace(/^\n+/, "").trimEnd()}\n\`\`\`\`\n`;

const section = (type: string, block: Block) =>
  [
    `### ${type}\n`,
    "As JSON:\n",
    fenced(
      "json",
      JSON.stringify(block, undefined, JSON.stringify(block).length > 400 ? undefined : 2).slice(0, 1_500),
    ),
    "As text:\n",
    fenced("text", onConsole(block)),
    "In Slack:\n",
    fenced("text", inSlack(block).blocks.map(slackText).join("\n")),
  ].join("\n");

const rowsOf = (size: keyof Samples<Block>) => Promise.all(all.map(([type, sample]) => shownBy(type, sample[size])));

export const blocksPage = async (): Promise<string> => `<!-- Written by \`npm run generate\`. Do not edit. -->
# Blocks

What an enrichment is made of. Blocks are plain data with one JSON form, whose schema is in \`docs/finding.schema.json\` and is printed by
\`cortado schema finding\`. Each sink shows them within its own limits. The tables are read off what the sinks make of a sample of each
block; all samples as they are rendered are in \`test/sinks/__snapshots__/blocks\`.

## As it usually is

${tableOf(headers, await rowsOf("usual"))}

## When there is too much of it

A log of 60,000 lines, a table of 2,000 rows, 500 events. Of webhooks with a \`size_limit\` of ${sizeLimit} bytes, which is the default.

${tableOf(headers, await rowsOf("huge"))}

## What the model has, and what says it here

${tableOf(
  ["in Robusta", "here", ""],
  modelBlocks.map(({ model, here, why }) => [model, here.map(code).join(", "), why]),
)}

## Each block

${all.map(([type, { usual }]) => section(type, usual)).join("\n")}`;

if (import.meta.main) writeFileSync(new URL("../docs/blocks.md", import.meta.url), await blocksPage());
