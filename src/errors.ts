/**
 * Every error that Cortado throws on purpose. A class answers three questions: whose fault, does trying again help, and which
 * HTTP status says so to the sender. Messages tell what happened, where, and what to do next; they never hold a secret.
 */

const kError = Symbol.for("cortado.error");

interface ErrorOptionsWithRetry extends ErrorOptions {
  /** How long the caller should wait before it tries again, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What all of them share. Told apart by `name`, never by `instanceof`: bundles bring copies of their own. */
export abstract class CortadoError extends Error {
  readonly [kError] = true;
  /** Whether the same call may succeed later without anybody changing anything. */
  abstract readonly retryable: boolean;
  /** What a sender over HTTP is told. */
  abstract readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 500 | 503;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: ErrorOptionsWithRetry = {}) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function isCortadoError(error: unknown): error is CortadoError {
  return typeof error === "object" && error !== null && kError in error;
}

/** The sender's fault: a body that cannot be read. Sending it again changes nothing. */
export class BadRequestError extends CortadoError {
  override readonly name = "BadRequestError" as const;
  readonly retryable = false;
  readonly status = 400;
}

/** The sender's fault: no credential, or a wrong one. */
export class UnauthorizedError extends CortadoError {
  override readonly name = "UnauthorizedError" as const;
  readonly retryable = false;
  readonly status = 401;
}

/** The sender's fault: a good credential that may not do this. */
export class ForbiddenError extends CortadoError {
  override readonly name = "ForbiddenError" as const;
  readonly retryable = false;
  readonly status = 403;
}

/** The sender's fault: more bytes than one request may have. */
export class PayloadTooLargeError extends CortadoError {
  override readonly name = "PayloadTooLargeError" as const;
  readonly retryable = false;
  readonly status = 413;
}

/** A part of a request that cannot be taken. */
export interface FieldProblem {
  /** Where in the request: `params.lines`; empty for the request as a whole. */
  readonly path: string;
  /** What is wrong and what to do about it, in one sentence. */
  readonly message: string;
}

/** The sender's fault: a body that can be read and not be followed. Lists every problem at once. */
export class InvalidRequestError extends CortadoError {
  override readonly name = "InvalidRequestError" as const;
  readonly retryable = false;
  readonly status = 422;
  readonly problems: readonly FieldProblem[];

  constructor(problems: readonly FieldProblem[]) {
    super(problems.map(({ message }) => message).join(" "));
    this.problems = problems;
  }
}

/** The sender's fault: there is nothing of that name, or nothing that it may see. */
export class NotFoundError extends CortadoError {
  override readonly name = "NotFoundError" as const;
  readonly retryable = false;
  readonly status = 404;
}

/** The sender's fault: what is asked for does not go with how things are by now. */
export class ConflictError extends CortadoError {
  override readonly name = "ConflictError" as const;
  readonly retryable = false;
  readonly status = 409;
}

/** Our fault, for now: the database is away, or there is too much to do. The sender should come again. */
export class UnavailableError extends CortadoError {
  override readonly name = "UnavailableError" as const;
  readonly retryable = true;
  readonly status = 503;
}

export interface Problem {
  /** Where: a file with line and column (`cortado.yaml:12:5`), or a path in the configuration. */
  readonly at: string;
  /** What is wrong and what to do about it, in one sentence. */
  readonly message: string;
}

/** The user's fault: a configuration or a playbook repository that does not load. Lists every problem at once. */
export class ConfigurationError extends CortadoError {
  override readonly name = "ConfigurationError" as const;
  readonly retryable = false;
  readonly status = 422;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(
      `${problems.length === 1 ? "1 problem" : `${problems.length} problems`}:\n${problems.map(({ at, message }) => `  ${at}  ${message}`).join("\n")}`,
      options,
    );
    this.problems = problems;
  }
}

/** The cluster's API refused, or could not be reached (`code` 0). */
export class ClusterError extends CortadoError {
  override readonly name = "ClusterError" as const;
  readonly status = 503;
  readonly retryable: boolean;
  /** The API server's HTTP status; 0 where there was no answer. */
  readonly code: number;
  /** The `reason` of the API server's Status (`Forbidden`, `Conflict`, …), or the network's (`ECONNREFUSED`). */
  readonly reason: string;

  constructor(code: number, reason: string, message: string, options?: ErrorOptionsWithRetry) {
    super(message, options);
    this.code = code;
    this.reason = reason;
    this.retryable = code === 0 || code === 429 || code >= 500;
  }
}

/** Prometheus refused a query, did not answer it in time (`code` 0), or was not found. */
export class PrometheusError extends CortadoError {
  override readonly name = "PrometheusError" as const;
  readonly status = 503;
  readonly retryable: boolean;
  /** The server's HTTP status; 0 where there was no answer. */
  readonly code: number;
  /** Prometheus's own `errorType` (`bad_data`, `timeout`, …), or the network's (`ECONNREFUSED`). */
  readonly reason: string;

  constructor(code: number, reason: string, message: string, options?: ErrorOptionsWithRetry) {
    super(message, options);
    this.code = code;
    this.reason = reason;
    this.retryable = code === 0 || code === 429 || code >= 500;
  }
}

/** A destination did not take a finding. */
export class SinkError extends CortadoError {
  override readonly name = "SinkError" as const;
  readonly status = 503;
  readonly retryable: boolean;
  /** False: nothing was posted. True: it may have been, as the answer was lost. */
  readonly outcomeUnknown: boolean;

  constructor(
    message: string,
    options: ErrorOptionsWithRetry & { readonly retryable: boolean; readonly outcomeUnknown?: boolean },
  ) {
    super(message, options);
    this.retryable = options.retryable;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/** The end of an action in a dry run: what it would go on with is what a dry run does not do. The message says what that is. */
export class DryRunError extends CortadoError {
  override readonly name = "DryRunError" as const;
  readonly retryable = false;
  readonly status = 409;
}

/** An action did not return before its deadline. */
export class ActionTimeoutError extends CortadoError {
  override readonly name = "ActionTimeoutError" as const;
  readonly retryable = false;
  readonly status = 500;
}

/** An action used its event or context after it had been abandoned. */
export class AbandonedError extends CortadoError {
  override readonly name = "AbandonedError" as const;
  readonly retryable = false;
  readonly status = 500;
}

/** The lease on a key was lost to another worker: whatever this one still writes must not count. */
export class LeaseLostError extends CortadoError {
  override readonly name = "LeaseLostError" as const;
  readonly retryable = true;
  readonly status = 503;
}

/** A message for people: the error's own, and the reasons below it, in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : describeError(error.cause);
  const message = error.message || error.name;
  return cause === "" || message.includes(cause) ? message : `${message} (${cause})`;
}

/** Why something did not load, as a list: the problems of a ConfigurationError, else what the error says. */
export function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof ConfigurationError ? error.problems : [{ at: "server", message: `${describeError(error)}.` }];
}
