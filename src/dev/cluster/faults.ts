/** Failures on order, for tests of what clients do about them. */

import { Refusal } from "./status.ts";

export interface Fault {
  /** Found in `GET /api/v1/pods?limit=500`; default: every request. */
  readonly match?: RegExp;
  /** How many requests it meets. Default 1. */
  readonly times?: number;
  /** HTTP status of the answer. Default 503. */
  readonly status?: number;
  readonly reason?: string;
  readonly message?: string;
  /** A Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** Cuts the connection instead of answering. */
  readonly drop?: boolean;
  /** Waits before whatever is done. With this alone the request is then answered as usual. */
  readonly delayMs?: number;
}

export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  /** The fault that this request meets, if any. */
  take(line: string): Fault | undefined {
    const met = this.#waiting.find(({ fault }) => fault.match === undefined || fault.match.test(line));
    if (met === undefined) return undefined;
    met.left -= 1;
    if (met.left <= 0) this.#waiting = this.#waiting.filter((one) => one !== met);
    return met.fault;
  }
}

export const onlyDelays = ({ status, reason, message, retryAfterSeconds, drop }: Fault): boolean =>
  drop !== true && [status, reason, message, retryAfterSeconds].every((one) => one === undefined);

export function faultResponse({ status = 503, reason, message, retryAfterSeconds }: Fault): Response {
  const refusal = new Refusal(
    status,
    reason ?? reasons[status] ?? "InternalError",
    message ?? "the server is currently unable to handle the request",
    retryAfterSeconds === undefined ? undefined : {},
  );
  return Response.json(refusal.status, {
    status,
    headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  });
}

const reasons: Readonly<Record<number, string>> = {
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};
