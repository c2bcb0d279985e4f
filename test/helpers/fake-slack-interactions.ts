/** What Slack sends when somebody presses a button. https://docs.slack.dev/interactivity/handling-user-interaction */
import { createHmac } from "node:crypto";
import type { FakeMessage } from "./fake-slack-methods.ts";

export interface FakeButton {
  readonly action_id: string;
  readonly value: string;
  readonly text: { readonly text: string };
  readonly confirm?: { readonly text: { readonly text: string } };
}

export interface PressOptions {
  readonly user?: string;
  /** Milliseconds since the epoch; default now. */
  readonly at?: number;
  readonly signingSecret?: string;
  readonly respondAt?: string;
}

/** A signed request. */
export interface SlackInteraction {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const respondPath = "/respond/T0001/secret-of-the-answer";

/** The buttons of a message, in its blocks and its attachments'. */
export function buttonsOf({ blocks, attachments }: Pick<FakeMessage, "blocks" | "attachments">): FakeButton[] {
  const all: readonly unknown[] = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks ?? [])];
  return all.flatMap((block) => {
    const { type, elements } = Object(block);
    return type === "actions" ? elements : [];
  });
}

export function interaction(
  message: FakeMessage,
  button: FakeButton,
  { user = "U0ADA", at = Date.now(), signingSecret = "", respondAt = "" }: PressOptions,
): SlackInteraction {
  const { channel, ts } = message;
  const payload = {
    type: "block_actions",
    user: { id: user, username: user.toLowerCase().slice(2), name: user.toLowerCase().slice(2), team_id: "T0001" },
    api_app_id: "A0001",
    token: "a verification token that nobody should use",
    container: {
      type: "message_attachment",
      message_ts: ts,
      attachment_id: 1,
      channel_id: channel,
      is_ephemeral: false,
      is_app_unfurl: false,
    },
    trigger_id: `${at}.1.abc`,
    team: { id: "T0001", domain: "test" },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel, name: "alerts" },
    message: { type: "message", ts, text: message.text, blocks: message.blocks, attachments: message.attachments },
    response_url: respondAt,
    actions: [{ ...button, block_id: "xYz", type: "button", action_ts: `${at / 1_000}` }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  return signed(body, Math.floor(at / 1_000), signingSecret);
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signed(body: string, timestamp: number, signingSecret: string): SlackInteraction {
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:`).update(body).digest("hex");
  return {
    body,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
      "x-slack-request-timestamp": String(timestamp),
      "x-slack-signature": `v0=${signature}`,
    },
  };
}

/** Refuses what Slack would not show to one user alone. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export function whisperIn(body: Buffer): string {
  const { response_type, replace_original, text, ...more } = JSON.parse(body.toString());
  if (response_type !== "ephemeral" || replace_original !== false || typeof text !== "string") {
    throw new Error(`not an answer for one user: ${body.toString()}`);
  }
  if (Object.keys(more).length > 0) throw new Error(`unknown: ${Object.keys(more).join(", ")}`);
  return text;
}
