/** The rate limiter in memory, with the answers of the real one. */
import { UnavailableError } from "../errors.ts";
import type { RateLimitCaller, RateLimiter, RateLimiters, RateLimitOptions } from "../state/state.ts";

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

  const mark = (key: string, call: string, seconds: number): boolean => {
    const known = marks.get(key);
    if (known !== undefined && known.last > now() - seconds * 1_000 && known.call !== call) return false;
    marks.set(key, { last: now(), call });
    return true;
  };

  const limiter = (caller: RateLimitCaller): RateLimiter => {
    /** How many calls this attempt has made, by key. */
    const ordinals = new Map<string, number>();
    return {
      markAndTest: async (operation, id, seconds, options) => {
        if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) {
          throw new TypeError(`The rate limiter needs a period in seconds, not ${seconds}.`);
        }
        const key = keyOf(caller, operation, id, options);
        const ordinal = (ordinals.get(key) ?? 0) + 1;
        ordinals.set(key, ordinal);
        const allowed = away() ? inOutage(options) : mark(key, `${caller.call}/${ordinal}`, seconds);
        asked.push({ operation, id, seconds, allowed });
        return allowed;
      },
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
