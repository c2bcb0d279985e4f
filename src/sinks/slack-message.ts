/** The shapes of Slack's messages, as far as Cortado makes them. https://docs.slack.dev/reference/block-kit/blocks */
import type { GraphBlock } from "../findings/blocks.ts";

interface Mrkdwn {
  type: "mrkdwn";
  text: string;
}

interface PlainText {
  type: "plain_text";
  text: string;
  emoji: false;
}

export interface SlackButton {
  type: "button";
  action_id: string;
  text: PlainText;
  value: string;
  style?: "danger";
  confirm?: { title: PlainText; text: PlainText; confirm: PlainText; deny: PlainText; style: "danger" };
}

/** Writable, as the SDK's types are. */
export type SlackBlock =
  | { type: "header"; text: PlainText }
  | { type: "section"; text: Mrkdwn }
  | { type: "context"; elements: Mrkdwn[]; block_id?: string }
  | { type: "actions"; elements: SlackButton[] }
  | { type: "divider" };

export const plainText = (text: string): PlainText => ({ type: "plain_text", text, emoji: false });
export const headerBlock = (text: string): SlackBlock => ({ type: "header", text: plainText(text) });
export const section = (text: string): SlackBlock => ({ type: "section", text: { type: "mrkdwn", text } });
export const context = (text: string): Extract<SlackBlock, { type: "context" }> => ({
  type: "context",
  elements: [{ type: "mrkdwn", text }],
});
export const divider: SlackBlock = { type: "divider" };

/** A file that goes into the thread. */
export interface SlackFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A graph that goes into the thread as a picture, which is drawn when it is uploaded. */
export interface SlackGraph {
  readonly name: string;
  readonly graph: GraphBlock;
}

/** What chat.postMessage and chat.update take besides the address. */
export interface SlackMessage {
  /** For notifications and screen readers. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly attachments: readonly {
    readonly color: string;
    readonly fallback: string;
    readonly blocks: readonly SlackBlock[];
  }[];
}
