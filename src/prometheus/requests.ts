/** Queries to one server: each in its turn, with a deadline, asked again once where it was busy, and refused in words. */
import { setTimeout as sleep } from "node:timers/promises";
import { PrometheusError } from "../errors.ts";
import { abortable } from "../kubernetes/abortable.ts";
import { networkFailure } from "../tools/network-failure.ts";
import { type QueryData, readAnswer } from "./answers.ts";
import { type Answer, AnswerTooLongError, maxAnswerBytes, type Question, type Transport } from "./transport.ts";
import { patience, type Turns } from "./turns.ts";

export interface RequestsOptions {
  readonly transport: Transport;
  /** The caller's. */
  readonly signal: AbortSignal;
  /** For one query, with its wait for a turn and its second attempt. */
  readonly timeoutSeconds: number;
  readonly turns: Turns;
  /** Told what a server says about an answer that it gives all the same. */
  readonly warn: (text: string) => void;
}

/** Asks, and throws a PrometheusError for anything but a good answer; the signal's reason where that aborts. */
export type Ask = (question: Question) => Promise<QueryData>;

export function createRequests({ transport, signal, timeoutSeconds, turns, warn }: RequestsOptions): Ask {
  return async (question) => {
    signal.throwIfAborted();
    const what = describe(transport, question);
    if (turns.givenUp()) throw new PrometheusError(0, "Silent", `${what} ${notAsked}`);
    const deadline = AbortSignal.timeout(timeoutSeconds * 1_000);
    const begun = performance.now();
    const until = begun + timeoutSeconds * 1_000;
    let turn = until;
    const both = AbortSignal.any([signal, deadline]);
    const inTurn = turns.take(async () => {
      both.throwIfAborted();
      turn = performance.now();
      // A server that goes on with what nobody waits for any more is slow for everybody.
      const timeout = `${Math.ceil((until - performance.now()) / 1_000)}s`;
      return await attempt(transport, { ...question, form: { ...question.form, timeout } }, both, until);
    });
    try {
      const answer = await abortable(inTurn, both);
      turns.heard();
      const { data, warnings } = readAnswer(answer, what, transport.scrub);
      for (const warning of warnings) warn(`${what} was answered with a warning: ${warning}`);
      return data;
    } catch (error) {
      signal.throwIfAborted();
      if (!deadline.aborted) throw explain(error, what);
      if (turn < until) turns.silent();
      const why =
        turn - begun > until - turn ? ", most of which it waited for its turn, as others are answered slowly" : "";
      const message = `${what} was not answered within ${timeoutSeconds} s${why}.`;
      throw new PrometheusError(0, "Timeout", message);
    }
  };
}

const notAsked = `was not sent: the last ${patience} were not answered in time, so it is left alone for a while.`;
const longestQuery = 200;

/** `The query up{…} to the Prometheus at prometheus:9090` */
function describe({ where }: Transport, { form: { query = "" } }: Question): string {
  const shown = query.length > longestQuery ? `${query.slice(0, longestQuery)}…` : query;
  return `The query \`${shown}\` to the Prometheus ${where}`;
}

const isBusy = ({ status, text }: Answer): boolean => status === 429 || (status === 503 && !gaveUp.test(text));
/** Prometheus says 503 also of a query that took too long, and would again. */
const gaveUp = /"errorType":\s*"(?:timeout|canceled)"/;
const defaultPauseSeconds = 1;

async function attempt(transport: Transport, question: Question, signal: AbortSignal, until: number): Promise<Answer> {
  const first = await transport.send(question, signal);
  const pause = pauseSeconds(first) * 1_000;
  // A second attempt that begins when the time is nearly over would only cost the server.
  if (!isBusy(first) || (until - performance.now()) / 2 < pause) return first;
  await sleep(pause, undefined, { signal });
  return await transport.send(question, signal);
}

const pauseSeconds = ({ retryAfter = "" }: Answer): number =>
  /^\d+$/.test(retryAfter) ? Number(retryAfter) : defaultPauseSeconds;

/** What was thrown where there was no answer; the errors of `fetch` repeat addresses, so only their code is told. */
function explain(error: unknown, what: string): PrometheusError {
  if (error instanceof AnswerTooLongError) {
    const message = `${what} has more than ${maxAnswerBytes / 1024 / 1024} MiB for an answer; ask for fewer series, or for a longer step.`;
    return new PrometheusError(413, "TooLong", message);
  }
  if (error instanceof PrometheusError) return error;
  if (!(error instanceof TypeError))
    return new PrometheusError(0, "NotSent", `${what} could not be sent`, { cause: error });
  const { code } = networkFailure(error);
  return new PrometheusError(0, code, `${what} was not answered: ${code}.`);
}
