/** Slack's SDK, told not to retry, sleep or log by itself. Loaded on first use: see slack-api.ts. */
import { LogLevel, WebClient } from "@slack/web-api";

export interface SlackClientOptions {
  readonly token: string;
  readonly slackApiUrl?: string | undefined;
  /** How long a request may take, in milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

const nothing = () => undefined;
/** Its own logger would write warnings, and with them parts of messages, to the console. */
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};

/** A client for one delivery: the SDK takes no signal per call. */
export const createSlackClient = ({ token, slackApiUrl, timeout, signal }: SlackClientOptions): WebClient =>
  new WebClient(token, {
    ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
    allowAbsoluteUrls: false,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
    fetch: (url, init = {}) =>
      fetch(url, { ...init, signal: AbortSignal.any([signal, ...(init.signal ? [init.signal] : [])]) }),
  });

export type { WebClient } from "@slack/web-api";
