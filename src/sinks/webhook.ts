/** The webhook sink: findings as text or JSON to any URL. */
import * as z from "zod";
import { SinkError } from "../errors.ts";
import type { Finding } from "../findings/finding.ts";
import { networkFailure } from "../tools/network-failure.ts";
import type { Sink, SinkContext } from "./sink.ts";
import { sinkParamsShape } from "./sink-params.ts";
import { type WebhookBody, webhookBody } from "./webhook-body.ts";

/** How long an answer may take, in milliseconds. */
const timeout = 10_000;

const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

export const webhookParams = z.strictObject({
  ...sinkParamsShape,
  url: z
    .url({ protocol: /^https?$/, error: "This is no http or https URL." })
    .refine((url) => !URL.canParse(url) || new URL(url).username === "", {
      error: "Give credentials in `authorization`, not in the URL.",
    })
    .describe("Where findings are posted to."),
  size_limit: z
    .int()
    .min(512, { error: "Less than 512 bytes holds no finding." })
    .default(4_096)
    .describe("How many bytes a body may have. What does not fit is left out, the last enrichments first."),
  authorization: z
    .string()
    .regex(headerValue, { error: "This cannot stand in a header; is there a line break in it?" })
    .optional()
    .describe("The value of the Authorization header."),
  format: z.enum(["text", "json"]).default("text").describe("What the body is."),
  slack_webhook: z
    .boolean()
    .default(false)
    .describe(
      "Whether the URL is an incoming webhook of Slack or of who understands these; the text is then wrapped in JSON.",
    ),
});

type WebhookParams = z.output<typeof webhookParams>;

/** Posts with an `Idempotency-Key` that is the same in every attempt. */
export const createWebhookSink = (params: WebhookParams): Sink => ({
  name: params.name,
  type: "webhook_sink",
  async post(finding: Finding, context: SinkContext) {
    const response = await send(params, webhookBody(finding, context, params), context);
    await response.body?.cancel();
    if (!response.ok) throw refused(params, response);
    return {};
  },
});

async function send(params: WebhookParams, { type, body }: WebhookBody, context: SinkContext): Promise<Response> {
  try {
    return await fetch(params.url, {
      method: "POST",
      headers: {
        "content-type": type,
        "idempotency-key": context.messageId,
        "user-agent": "cortado",
        ...(params.authorization === undefined ? {} : { authorization: params.authorization }),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeout)]),
    });
  } catch (error) {
    const { code, outcomeUnknown } = networkFailure(error);
    throw new SinkError(`${nameOf(params)} could not be reached: ${code}`, { retryable: true, outcomeUnknown });
  }
}

/** Only the host: paths of webhooks are secrets often enough. */
const nameOf = ({ url }: WebhookParams): string => `The webhook at ${new URL(url).host}`;

function refused(params: WebhookParams, response: Response): SinkError {
  const { status } = response;
  const retryable = status === 408 || status === 429 || status >= 500;
  const cure = retryable ? "" : `; ${cures.get(status) ?? "it will not take this finding later either"}`;
  return new SinkError(`${nameOf(params)} answered ${status}${cure}`, {
    retryable,
    outcomeUnknown: status >= 500 && status !== 503,
    retryAfterSeconds: retryable ? retryAfter(response.headers.get("retry-after")) : undefined,
  });
}

const cures: ReadonlyMap<number, string> = new Map([
  [401, "check `authorization`"],
  [403, "check `authorization`"],
  [404, "check `url`"],
  [410, "check `url`"],
  [413, "lower `size_limit`"],
  ...[301, 302, 307, 308].map((status) => [status, "redirects are not followed, give the final `url`"] as const),
]);

/** Seconds, from seconds or from a date; at most an hour, so that a wrong clock cannot silence the sink. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1_000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), 3_600);
}
