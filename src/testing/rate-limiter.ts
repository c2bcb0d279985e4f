/** The rate limiter in memory, with the answers of the real one. */
import { UnavailableError } from "../errors.ts";
import type { AskableRateLimiter, Permit, RateLimitCaller, RateLimiters, RateLimitOptions } from "../state/state.ts";

export interface FakeRateLimiterOptions {
  /** Milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
  /** Whether the database is away, so that `onOutage` decides. */
  readonly away?: () => boolean;
}

/** What one `markAndTest` was asked, and answered. */
export interface RateLimitCall {
  readonly operation: string;
  readonly id: string;
  readonly seconds: number;
  readonly allowed: boolean;
}

export interface FakeRateLimiters extends RateLimiters {
  /** Every question so far. */
  readonly asked: readonly RateLimitCall[];
}

interface Mark {
  readonly last: number;
  readonly call: string;
}

/** Give one to several `runAction`s, and the marks of each count for the next. */
export function fakeRateLimiters({
  now = Date.now,
  away = () => false,
}: FakeRateLimiterOptions = {}): FakeRateLimiters {
  const marks = new Map<string, Mark>();
  const asked: RateLimitCall[] = [];

  const mark = (key: string, call: string, seconds: number): Permit => {
    const known = marks.get(key);
    const until = (known?.last ?? Number.NEGATIVE_INFINITY) + seconds * 1_000;
    if (until > now() && known?.call !== call) return { allowed: false, until };
    marks.set(key, { last: now(), call });
    return { allowed: true };
  };

  const limiter = (caller: RateLimitCaller): AskableRateLimiter => {
    /** How many calls this attempt has made, by key. */
    const ordinals = new Map<string, number>();
    const ask: AskableRateLimiter["ask"] = async (operation, id, seconds, options) => {
      if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) {
        throw new TypeError(`The rate limiter needs a period in seconds, not ${seconds}.`);
      }
      const key = keyOf(caller, operation, id, options);
      const ordinal = (ordinals.get(key) ?? 0) + 1;
      ordinals.set(key, ordinal);
      const permit = away() ? { allowed: inOutage(options) } : mark(key, `${caller.call}/${ordinal}`, seconds);
      asked.push({ operation, id, seconds, allowed: permit.allowed });
      return permit;
    };
    return {
      ask,
      markAndTest: async (...question) => (await ask(...question)).allowed,
      refund: async (operation, id, options) => {
        const key = keyOf(caller, operation, id, options);
        if (marks.get(key)?.call.startsWith(`${caller.call}/`) !== true) return;
        marks.delete(key);
        ordinals.set(key, Math.max(0, (ordinals.get(key) ?? 0) - 1));
      },
    };
  };

  return { for: limiter, asked };
}

function inOutage(options: RateLimitOptions | undefined): boolean {
  const { onOutage = "throw" } = options ?? {};
  if (onOutage === "throw") throw new UnavailableError("the rate limiter's table is away");
  return onOutage === "allow";
}

const keyOf = (caller: RateLimitCaller, operation: string, id: string, options: Pick<RateLimitOptions, "scope"> = {}) =>
  JSON.stringify([options.scope === "global" ? null : caller.cluster, operation, id]);
