/** Errors as answers over HTTP. https://www.rfc-editor.org/rfc/rfc9457 */
import type { Context } from "hono";
import {
  ConfigurationError,
  type CortadoError,
  describeError,
  type FieldProblem,
  InvalidRequestError,
  isCortadoError,
  type Problem,
} from "./errors.ts";
import type { Logger } from "./log.ts";

/** What a sender is told of an error, by whose fault it is. An error that nobody foresaw is told in the log alone. */
export function answerTo(error: unknown, c: Context, log: Logger): Response {
  if (!isCortadoError(error)) {
    log.error("a request failed in a way that nobody foresaw", { path: c.req.path, error: describeError(error) });
    return problem(c, 503, "something unforeseen failed here; the log of this instance says what");
  }
  if (error.status === 503) log.error("a request was not accepted", { path: c.req.path, error: describeError(error) });
  if (error.status === 401) c.header("WWW-Authenticate", 'Bearer realm="cortado", Basic realm="cortado"');
  if (error.retryAfterSeconds !== undefined) c.header("Retry-After", String(error.retryAfterSeconds));
  return problem(c, error.status, error.message, problemsOf(error));
}

const problemsOf = (error: CortadoError) =>
  error instanceof InvalidRequestError || error instanceof ConfigurationError ? error.problems : undefined;

const titles = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  409: "Conflict",
  413: "Payload too large",
  422: "Unprocessable",
  500: "Internal error",
  503: "Unavailable",
} as const satisfies Record<CortadoError["status"], string>;

/** RFC 9457. `problems`, of a request or of a configuration, are an extension member. */
export function problem(
  c: Context,
  status: CortadoError["status"],
  detail: string,
  problems?: readonly (FieldProblem | Problem)[],
): Response {
  const body = JSON.stringify({ title: titles[status], status, detail, problems });
  return c.body(body, status, { "Content-Type": "application/problem+json" });
}
