/** Where a Slack message is and what it shows, as the state table keeps it. */
import * as z from "zod";
import { severities, sources } from "../findings/finding.ts";
import type { MessageAddress } from "./sink.ts";
import type { Place } from "./slack-api.ts";
import { maxFallback, maxHeader } from "./slack-limits.ts";
import type { SlackBlock } from "./slack-message.ts";
import type { SlackHead, SlackStatus } from "./slack-render.ts";
import { oneLine } from "./slack-text.ts";

const mrkdwn = z.object({ type: z.literal("mrkdwn"), text: z.string() });
const plainText = z.object({ type: z.literal("plain_text"), text: z.string(), emoji: z.literal(false) });
const confirm = z.object({
  title: plainText,
  text: plainText,
  confirm: plainText,
  deny: plainText,
  style: z.literal("danger"),
});
const button = z.object({
  type: z.literal("button"),
  action_id: z.string(),
  text: plainText,
  value: z.string(),
  style: z.literal("danger").exactOptional(),
  confirm: confirm.exactOptional(),
});
const blocksSchema: z.ZodType<SlackBlock[]> = z.array(
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("header"), text: plainText }),
    z.object({ type: z.literal("section"), text: mrkdwn }),
    z.object({ type: z.literal("context"), elements: z.array(mrkdwn), block_id: z.string().exactOptional() }),
    z.object({ type: z.literal("actions"), elements: z.array(button) }),
    z.object({ type: z.literal("divider") }),
  ]),
);

const statusSchema: z.ZodType<SlackStatus> = z.object({
  status: z.enum(["firing", "resolved"]),
  source: z.enum(sources),
  startsAt: z.number().exactOptional(),
  endsAt: z.number().exactOptional(),
});

const addressSchema = z.object({
  channel: z.string(),
  ts: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  /** Of the message that its thread began with, where it is not the first. */
  thread: z.string().optional(),
  /** JSON: what stays of the message when its status changes. */
  blocks: z.string(),
  /** JSON: what it says of its status, which stays when a button of it is pressed. */
  status: z.string().optional(),
  /** Whether what was found on resolution is in the thread already. */
  replied: z.literal("true").optional(),
});

export interface PostedMessage {
  readonly place: Place;
  readonly head: SlackHead;
  readonly status: SlackStatus;
  readonly blocks: readonly SlackBlock[];
  readonly replied: boolean;
}

/** As much of a title as its header or its fallback shows. */
const maxTitle = Math.max(maxHeader, maxFallback);

export const toAddress = (
  { channel, ts, thread }: Place,
  { title, severity }: SlackHead,
  { status, source, startsAt, endsAt }: SlackStatus,
  blocks: readonly SlackBlock[],
  replied = false,
): MessageAddress => ({
  channel,
  ts,
  ...(thread === undefined ? {} : { thread }),
  title: oneLine(title, maxTitle),
  severity,
  blocks: JSON.stringify(blocks),
  status: JSON.stringify({ status, source, startsAt, endsAt }),
  ...(replied ? { replied: "true" } : {}),
});

/** Of a message that was posted by a version which did not keep it. */
const unknownStatus: SlackStatus = { status: "firing", source: "none" };

/** Throws a ZodError where the address is none of ours. */
export function fromAddress(address: MessageAddress): PostedMessage {
  const { channel, ts, thread, title, severity, blocks, status, replied } = addressSchema.parse(address);
  return {
    place: { channel, ts, thread },
    head: { title, severity },
    status: status === undefined ? unknownStatus : statusSchema.parse(JSON.parse(status)),
    blocks: blocksSchema.parse(JSON.parse(blocks)),
    replied: replied !== undefined,
  };
}
