/** Whether a request comes from Slack. https://docs.slack.dev/authentication/verifying-requests-from-slack */
import { createHmac, timingSafeEqual } from "node:crypto";
import { UnauthorizedError } from "../errors.ts";
import type { SlackApp } from "./apps.ts";

/** How old Slack's requests may be, in seconds. */
export const slackWindowSeconds = 300;

export interface SlackRequest {
  /** `X-Slack-Request-Timestamp` */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature` */
  readonly signature: string | undefined;
  readonly body: string;
}

/** The apps that it may come from: several sinks may be of one. Throws an UnauthorizedError where it comes from none. */
export function appsOf(
  { timestamp = "", signature = "", body }: SlackRequest,
  apps: readonly SlackApp[],
  now: number,
): readonly SlackApp[] {
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) {
    throw new UnauthorizedError(
      "this is no request of Slack's: X-Slack-Request-Timestamp and X-Slack-Signature say so",
    );
  }
  const signing = apps.filter(({ signingSecret }) => {
    const expected = slackSignature(signingSecret, timestamp, body);
    return timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
  });
  if (signing.length === 0) {
    throw new UnauthorizedError(
      "the signature is that of no Slack app here; compare `signing_secret` with the app's own",
    );
  }
  const age = Math.round(now / 1000 - Number(timestamp));
  if (Math.abs(age) > slackWindowSeconds) {
    throw new UnauthorizedError(
      `the request's time is ${Math.abs(age)} s away from this server's; at most ${slackWindowSeconds} are allowed`,
    );
  }
  return signing;
}

/** What Slack computes. */
export const slackSignature = (signingSecret: string, timestamp: string, body: string): string =>
  `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
