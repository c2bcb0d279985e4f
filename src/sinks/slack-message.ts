/** The shapes of Slack's messages, as far as Cortado makes them. https://docs.slack.dev/reference/block-kit/blocks */
import type { GraphBlock } from "../findings/blocks.ts";

interface Mrkdwn {
  type: "mrkdwn";
  text: string;
}

/** Writable, as the SDK's types are. */
export type SlackBlock =
  | { type: "header"; text: { type: "plain_text"; text: string; emoji: false } }
  | { type: "section"; text: Mrkdwn }
  | { type: "context"; elements: Mrkdwn[] }
  | { type: "divider" };

export const headerBlock = (text: string): SlackBlock => ({
  type: "header",
  text: { type: "plain_text", text, emoji: false },
});
export const section = (text: string): SlackBlock => ({ type: "section", text: { type: "mrkdwn", text } });
export const context = (text: string): SlackBlock => ({ type: "context", elements: [{ type: "mrkdwn", text }] });
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
