/** Calls to an API server: each with a deadline, retried where that is safe, and refused in words. */

import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { ClusterError } from "../errors.ts";
import { abortable } from "./abortable.ts";
import { marks, requireWithin } from "./call-scope.ts";
import { type Connection, CredentialError, type HttpAnswer, maxSockets } from "./connection.ts";
import type { CallScope } from "./kubernetes.ts";

/** Retries end by then, counted from the first attempt. */
const retryMilliseconds = 10_000;
const firstDelayMilliseconds = 100;
const longestDelayMilliseconds = 2_000;

/** What is called, in the words of RBAC. */
export interface CallFacts {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly timeoutMilliseconds?: number;
  readonly keepLast?: number;
  /** Whether an answer 429 is the caller's to read, not a reason to ask again. */
  readonly keep429?: boolean;
  /** Whether every answer is, as it is not the API server's own. */
  readonly keepAnswers?: boolean;
}

export interface Api {
  /** The cluster's name, for messages. */
  readonly name: string;
  readonly connection: Connection;
  /** The server's answer, whatever its status. Throws a ClusterError where there is none, and the signal's reason where it aborts. */
  send(facts: CallFacts, request: ApiRequest, signal?: AbortSignal): Promise<HttpAnswer>;
}

export interface ApiOptions {
  readonly name: string;
  readonly connection: Connection;
  /** For one call with all its retries. */
  readonly timeoutMilliseconds: number;
}

export function createApi({ name, connection, timeoutMilliseconds }: ApiOptions): Api {
  const limit = pLimit(maxSockets);

  const attempt = async (facts: CallFacts, request: ApiRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    const { body, contentType = "application/json", keepLast } = request;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      sent === undefined ? {} : { "content-type": contentType, "content-length": String(Buffer.byteLength(sent)) };
    try {
      return await connection.exchange({
        method: request.method,
        path: `${request.path}${queryText(request.query)}`,
        headers,
        signal,
        ...(sent === undefined ? {} : { body: sent }),
        ...(keepLast === undefined ? {} : { keepLast }),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw unanswered({ name, connection }, facts, error);
    }
  };

  const attempts = async (facts: CallFacts, request: ApiRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    const began = performance.now();
    for (let tries = 0; ; tries += 1) {
      const outcome = await settle(attempt(facts, request, signal));
      const delay = retryDelay(request, outcome, tries);
      if (delay === undefined || performance.now() - began + delay > retryMilliseconds) {
        if (outcome instanceof ClusterError) throw outcome;
        return outcome;
      }
      await sleep(delay, undefined, { signal });
    }
  };

  return {
    name,
    connection,
    send: async (facts, request, outer) => {
      outer?.throwIfAborted();
      const milliseconds = request.timeoutMilliseconds ?? timeoutMilliseconds;
      const inTurn = limit(async () => {
        outer?.throwIfAborted();
        const deadline = AbortSignal.timeout(milliseconds);
        try {
          return await attempts(facts, request, outer === undefined ? deadline : AbortSignal.any([deadline, outer]));
        } catch (error) {
          outer?.throwIfAborted();
          if (!deadline.aborted) throw error;
          const message = `The cluster ${name} did not answer within ${milliseconds / 1000} s: ${describeCall(facts)}.`;
          throw new ClusterError(0, "Timeout", message);
        }
      });
      return abortable(inTurn, outer);
    },
  };
}

const settle = async (answer: Promise<HttpAnswer>): Promise<HttpAnswer | ClusterError> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
};

/** What the next attempt would only meet again: no credentials, a certificate that is not trusted, no HTTP. */
const lasting = /^(CredentialsFailed|EPROTO|HPE_|ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

/** Milliseconds until the next attempt, or undefined where there must be none. */
function retryDelay(
  { method, keep429 = false, keepAnswers = false }: ApiRequest,
  outcome: HttpAnswer | ClusterError,
  tries: number,
): number | undefined {
  const status = outcome instanceof ClusterError ? 0 : outcome.status;
  if (outcome instanceof ClusterError ? lasting.test(outcome.reason) : keepAnswers) return undefined;
  // A 429 was refused unread, so it is safe to send anything again.
  const again =
    (status === 429 && !keep429) || (method === "GET" && (status === 0 || (status >= 500 && status !== 501)));
  if (!again) return undefined;
  const asked = outcome instanceof ClusterError ? undefined : retryAfterSeconds(outcome);
  const backoff = Math.min(longestDelayMilliseconds, firstDelayMilliseconds * 2 ** tries) * (0.5 + Math.random() / 2);
  return asked === undefined ? backoff : Math.max(asked * 1000, backoff);
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfterSeconds({ headers }: HttpAnswer): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

function queryText(query: ApiRequest["query"] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given}`;
}

/** `get pods api-1 in shop`. */
export const describeCall = ({ verb, resource, namespace, name }: CallFacts): string =>
  [verb, resource, name, namespace === undefined ? undefined : `in ${namespace}`].filter(Boolean).join(" ");

/** The original error stays out: a parser's holds the bytes it was given, and bytes can hold what we sent. */
export function unanswered(api: Pick<Api, "name" | "connection">, facts: CallFacts, error: unknown): ClusterError {
  const text = api.connection.scrub(error instanceof Error ? error.message : String(error)).slice(0, 500);
  if (error instanceof CredentialError) {
    const message = `The credentials for the cluster ${api.name} could not be got from its kubeconfig: ${text}`;
    return new ClusterError(0, "CredentialsFailed", message);
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "NetworkError";
  const why = text.includes(code) || text === "" ? text || code : `${code}: ${text}`;
  return new ClusterError(0, code, `The cluster ${api.name} could not be reached: ${describeCall(facts)}: ${why}.`);
}

/** Everything that a call needs beside what it asks. */
export interface Session {
  readonly api: Api;
  readonly scope: CallScope;
}

/** Runs one call and reports it, as one, however many requests it takes. `note` sets the status that is reported. */
export async function recorded<T>(
  scope: CallScope,
  facts: CallFacts,
  run: (note: (answer: { readonly status: number }) => void) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  let status = 0;
  try {
    requireWithin(scope, facts);
    return await run((answer) => {
      status = answer.status;
    });
  } catch (error) {
    if (error instanceof ClusterError) status = error.code;
    throw error;
  } finally {
    const { namespace, name } = facts;
    scope.onCall?.({
      verb: facts.verb,
      resource: facts.resource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      status,
      milliseconds: Math.round(performance.now() - began),
      ...marks(scope, facts.verb),
    });
  }
}
