/**
 * `POST /webhooks/slack`: somebody pressed a button. Slack waits for three seconds, so nothing is run here, and what cannot be done is
 * told to who pressed, in words that only they see. https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Context, Hono } from "hono";
import { describeError, NotFoundError, UnauthorizedError } from "../errors.ts";
import { answerTo } from "../problem-details.ts";
import { readBody } from "../receivers/body.ts";
import { networkFailure } from "../tools/network-failure.ts";
import type { SlackApp } from "./apps.ts";
import { type PressServices, press } from "./press.ts";
import { type Press, pressesIn } from "./slack-payload.ts";
import { appsOf, slackWindowSeconds } from "./slack-request.ts";

export interface SlackRouteServices extends PressServices {
  readonly slackApps: readonly SlackApp[];
  /** How long a press may take, in milliseconds; default 2,000. */
  readonly patience?: number;
  /** For the metrics. */
  readonly onRequest: (request: {
    readonly receiver: string;
    readonly status: number;
    readonly quarantined: number;
  }) => void;
}

/** How long a press may take, and then telling about it, in milliseconds: together less than Slack's three seconds. */
const usualPatience = 2_000;
const tellMilliseconds = 500;

export function addSlackButtons(app: Hono, services: SlackRouteServices): void {
  app.post("/webhooks/slack", async (c) => {
    const response = await answer(c, services).catch((error: unknown) => answerTo(error, c, services.log));
    services.onRequest({ receiver: "slack", status: response.status, quarantined: 0 });
    return response;
  });
}

async function answer(c: Context, services: SlackRouteServices): Promise<Response> {
  const { slackApps, now } = services;
  if (slackApps.length === 0)
    throw new NotFoundError("no slack_sink here has a signing_secret, so there are no buttons");
  const signature = c.req.header("x-slack-signature");
  const timestamp = c.req.header("x-slack-request-timestamp");
  const body = await readBody(c.req);
  const apps = appsOf({ timestamp, signature, body }, slackApps, now());
  const presses = pressesIn(body);
  const words = await inTime(() => pressAll(presses, { apps, signature }, services), services);
  await Promise.all(presses.map((one) => tellAlone(one, words, services)));
  return c.body(null, 200);
}

interface Source {
  readonly apps: readonly SlackApp[];
  readonly signature: string | undefined;
}

async function pressAll(
  presses: readonly Press[],
  { apps, signature = "" }: Source,
  services: SlackRouteServices,
): Promise<string | undefined> {
  if (presses.length === 0) return undefined;
  const replayed = await services.claims.claim(["slack", signature], "", 2 * slackWindowSeconds);
  if (replayed !== undefined) throw new UnauthorizedError("this request of Slack's has come before");
  const words = await Promise.all(presses.map((one) => press(one, apps, services)));
  return words.filter((one) => one !== undefined).join("\n") || undefined;
}

/** What the user is to be told; undefined where all is well. Throws what is the sender's fault. */
async function inTime(
  work: () => Promise<string | undefined>,
  { log, patience = usualPatience }: Pick<SlackRouteServices, "log" | "patience">,
): Promise<string | undefined> {
  const failed = (error: unknown) => {
    if (error instanceof UnauthorizedError) throw error;
    log.error("a button was not answered", { reason: describeError(error) });
    return "Cortado cannot take this now: its state table does not answer. Press again in a minute.";
  };
  const late = sleep(patience, tooLate, { ref: false });
  return await Promise.race([work().catch(failed), late]);
}

const tooLate =
  "Cortado did not hear from its state table in time. If this message does not change within a minute, press again: it runs once.";

async function tellAlone(
  { responseUrl }: Press,
  text: string | undefined,
  { log }: Pick<SlackRouteServices, "log">,
): Promise<void> {
  if (text === undefined || responseUrl === undefined) return;
  try {
    const answered = await fetch(responseUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text }),
      signal: AbortSignal.timeout(tellMilliseconds),
    });
    await answered.body?.cancel();
  } catch (error) {
    // The address is itself a credential, so nothing is told of it.
    log.warn("who pressed a button could not be told", { text, reason: networkFailure(error).code });
  }
}
