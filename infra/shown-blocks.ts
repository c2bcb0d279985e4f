/** What each sink makes of a block. */
import { Writable } from "node:stream";
import type { Block } from "../src/findings/blocks.ts";
import type { Finding } from "../src/findings/finding.ts";
import { renderFinding } from "../src/sinks/console.ts";
import { createFileSink, fileParams } from "../src/sinks/file.ts";
import type { SlackBlock, SlackMessage } from "../src/sinks/slack-message.ts";
import { renderBody, toMessage } from "../src/sinks/slack-render.ts";
import { webhookBody } from "../src/sinks/webhook-body.ts";

const maxFileBytes = 1_000_000;
export const sizeLimit = 4_096;

const context = { messageId: "0123456789abcdef", possiblyRepeated: false, signal: new AbortController().signal };

/** A finding of nothing but a block. */
export const findingWith = (block: Block): Finding => ({
  title: "A block",
  aggregationKey: "block",
  severity: "INFO",
  source: "none",
  status: "firing",
  subject: { name: "", kind: "none", labels: {}, annotations: {} },
  cluster: "",
  fingerprint: "0",
  links: [],
  enrichments: [{ blocks: [block] }],
  notes: [],
});

export interface ShownInSlack {
  readonly message: SlackMessage;
  /** What shows the block. */
  readonly blocks: readonly SlackBlock[];
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  /** The names of pictures. */
  readonly pictures: readonly string[];
}

export function inSlack(block: Block): ShownInSlack {
  const finding = findingWith(block);
  const { blocks, files, graphs } = renderBody(finding, { maxFileBytes });
  return { message: toMessage(finding, finding, blocks), blocks, files, pictures: graphs.map(({ name }) => name) };
}

/** The text of Slack's block; of a divider its line. */
export function slackText(block: SlackBlock): string {
  if (block.type === "divider") return "---";
  if (block.type === "actions") return block.elements.map(({ text }) => `[${text.text}]`).join(" ");
  return block.type === "context" ? block.elements.map(({ text }) => text).join("\n") : block.text.text;
}

const firstLine = `${renderFinding({ ...findingWith({ type: "divider" }), enrichments: [] }, { colour: false })}\n`;

/** What a terminal shows beneath a finding's title. */
export const onConsole = (block: Block): string =>
  renderFinding(findingWith(block), { colour: false }).slice(firstLine.length);

type Format = Pick<Parameters<typeof webhookBody>[2], "format" | "slack_webhook">;

/** The body that a webhook gets, of at most 4,096 bytes. */
export const toWebhook = (block: Block, format: Format): string =>
  webhookBody(findingWith(block), context, { ...format, size_limit: sizeLimit }).body;

/** The line that a file gets. */
export async function toFile(block: Block): Promise<string> {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  await createFileSink(fileParams.parse({ name: "file" }), stream).post(findingWith(block), context);
  return written.join("");
}
