/** Where a Slack message is and what it shows, as the state table keeps it. */
import * as z from "zod";
import { severities } from "../findings/finding.ts";
import type { MessageAddress } from "./sink.ts";
import type { Place } from "./slack-api.ts";
import { maxFallback, maxHeader } from "./slack-limits.ts";
import type { SlackBlock } from "./slack-message.ts";
import type { SlackHead } from "./slack-render.ts";
import { oneLine } from "./slack-text.ts";

const mrkdwn = z.object({ type: z.literal("mrkdwn"), text: z.string() });
const plainText = z.object({ type: z.literal("plain_text"), text: z.string(), emoji: z.literal(false) });
const blocksSchema: z.ZodType<SlackBlock[]> = z.array(
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("header"), text: plainText }),
    z.object({ type: z.literal("section"), text: mrkdwn }),
    z.object({ type: z.literal("context"), elements: z.array(mrkdwn) }),
    z.object({ type: z.literal("divider") }),
  ]),
);

const addressSchema = z.object({
  channel: z.string(),
  ts: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  /** Of the message that its thread began with, where it is not the first. */
  thread: z.string().optional(),
  /** JSON: what stays of the message when its status changes. */
  blocks: z.string(),
  /** Whether what was found on resolution is in the thread already. */
  replied: z.literal("true").optional(),
});

export interface PostedMessage {
  readonly place: Place;
  readonly head: SlackHead;
  readonly blocks: readonly SlackBlock[];
  readonly replied: boolean;
}

/** As much of a title as its header or its fallback shows. */
const maxTitle = Math.max(maxHeader, maxFallback);

export const toAddress = (
  { channel, ts, thread }: Place,
  { title, severity }: SlackHead,
  blocks: readonly SlackBlock[],
  replied = false,
): MessageAddress => ({
  channel,
  ts,
  ...(thread === undefined ? {} : { thread }),
  title: oneLine(title, maxTitle),
  severity,
  blocks: JSON.stringify(blocks),
  ...(replied ? { replied: "true" } : {}),
});

/** Throws a ZodError where the address is none of ours. */
export function fromAddress(address: MessageAddress): PostedMessage {
  const { channel, ts, thread, title, severity, blocks, replied } = addressSchema.parse(address);
  return {
    place: { channel, ts, thread },
    head: { title, severity },
    blocks: blocksSchema.parse(JSON.parse(blocks)),
    replied: replied !== undefined,
  };
}
