/** What Slack's refusals mean. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
import * as z from "zod";
import { isCortadoError, SinkError } from "../errors.ts";
import { networkFailure } from "../tools/network-failure.ts";
import { headOf } from "./fit-text.ts";

const platformError = z.object({
  code: z.literal("slack_webapi_platform_error"),
  data: z.object({
    error: z.string(),
    needed: z.string().optional(),
    response_metadata: z.object({ messages: z.array(z.string()).optional() }).optional(),
  }),
});
const rateLimited = z.object({ code: z.literal("slack_webapi_rate_limited_error"), retryAfter: z.number() });
const httpError = z.object({ code: z.literal("slack_webapi_http_error"), statusCode: z.number() });
const requestError = z.object({ code: z.literal("slack_webapi_request_error"), original: z.unknown() });

/** Nothing was done, and it may work later. */
const retryable = new Set([
  "ratelimited",
  "rate_limited",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);
/** Slack broke in the middle of it: "some aspect of the operation may have succeeded". */
const broken = new Set(["internal_error", "fatal_error"]);
/** The message can never be edited again, nor replied to. */
const gone = new Set([
  "message_not_found",
  "thread_not_found",
  "cannot_reply_to_message",
  "edit_window_closed",
  "cant_update_message",
  "channel_not_found",
  "is_archived",
]);
const channelProblems = new Set(["channel_not_found", "not_in_channel", "is_archived"]);

const token = "check `api_key`";
const cures: Readonly<Record<string, string>> = {
  channel_not_found: "check the channel's name; a private channel has to invite the app first",
  not_in_channel: "invite the app to the channel",
  is_archived: "the channel is archived, choose another",
  invalid_auth: token,
  not_authed: token,
  account_inactive: token,
  token_revoked: token,
  token_expired: token,
};

/** Slack's own word for what was wrong; undefined where it said none. */
export function slackCode(error: unknown): string | undefined {
  const platform = platformError.safeParse(error);
  return platform.success ? platform.data.data.error : undefined;
}

/** Whether an update or a reply failed because there is nothing to update or to reply to any more. */
export const isGone = (error: unknown): boolean => gone.has(slackCode(error) ?? "");
export const isChannelProblem = (error: unknown): boolean => channelProblems.has(slackCode(error) ?? "");

/** A SinkError with Slack's code and what to do about it; never with a message of the SDK, which may repeat headers. */
export function toSinkError(error: unknown, method: string): SinkError {
  if (isSinkError(error)) return error;
  const said = (what: string) => `Slack ${method}: ${what}`;
  const limited = rateLimited.safeParse(error);
  if (limited.success) {
    return new SinkError(said("rate limited"), {
      retryable: true,
      retryAfterSeconds: Math.max(1, limited.data.retryAfter),
    });
  }
  const platform = platformError.safeParse(error);
  if (platform.success) return refusal(platform.data.data, said);
  const http = httpError.safeParse(error);
  if (http.success) {
    const { statusCode } = http.data;
    const server = statusCode >= 500;
    return new SinkError(said(`HTTP ${statusCode}`), {
      retryable: server,
      outcomeUnknown: server && statusCode !== 503,
    });
  }
  const request = requestError.safeParse(error);
  const { code, outcomeUnknown } = networkFailure(request.success ? request.data.original : error);
  return new SinkError(said(code), { retryable: true, outcomeUnknown });
}

const isSinkError = (error: unknown): error is SinkError => isCortadoError(error) && error.name === "SinkError";

function refusal(data: z.output<typeof platformError>["data"], said: (what: string) => string): SinkError {
  // What is no code is a page of somebody in between, a proxy's perhaps.
  if (!/^[a-z][a-z0-9_]{1,60}$/.test(data.error)) {
    return new SinkError(said("an answer that is not Slack's"), { retryable: true, outcomeUnknown: true });
  }
  const { error, needed, response_metadata: metadata } = data;
  const detail = metadata?.messages?.[0] === undefined ? "" : ` (${headOf(metadata.messages[0], 200)})`;
  const cure = error === "missing_scope" && needed ? `give the app the scope ${headOf(needed, 100)}` : cures[error];
  return new SinkError(said(`${error}${detail}${cure === undefined ? "" : `; ${cure}`}`), {
    retryable: retryable.has(error) || broken.has(error),
    outcomeUnknown: broken.has(error),
  });
}
