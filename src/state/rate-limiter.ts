/**
 * The rate limiter: a mark says when something was last allowed, and to which call. It throttles; it does not guard against repeating.
 * Callers of one mark may differ in their periods, so the mark holds its time and not its end.
 */
import { UnavailableError } from "../errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { type Key, rateLimitKey } from "./keys.ts";
import { createMarkMemory, type MarkMemory } from "./mark-memory.ts";
import type { AskableRateLimiter, Permit, RateLimitCaller, RateLimiters, RateLimitOptions } from "./state.ts";
import type { Table } from "./table.ts";
import { numberOf, textOf } from "./values.ts";

/** How much longer than its period a mark is kept. */
const KEPT_LONGER_MS = 3600 * 1000;

export interface RateLimitersOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

/** Call `for` once for each attempt of each action: the calls that the limiter gets are counted from there. */
export function createRateLimiters({ table, clock = systemClock }: RateLimitersOptions): RateLimiters {
  const memory = createMarkMemory(clock);
  return { for: (caller) => limiterFor({ table, clock, memory }, caller) };
}

interface Parts {
  readonly table: Table;
  readonly clock: Clock;
  readonly memory: MarkMemory;
}

function limiterFor({ table, clock, memory }: Parts, caller: RateLimitCaller): AskableRateLimiter {
  /** How many calls this attempt has made, by key. */
  const ordinals = new Map<string, number>();

  const ask: AskableRateLimiter["ask"] = async (operation, id, seconds, options) => {
    if (!(seconds >= 0 && seconds < Number.POSITIVE_INFINITY)) {
      throw new TypeError(`The rate limiter needs a period in seconds, not ${seconds}.`);
    }
    const key = keyOf(caller, operation, id, options);
    const ordinal = (ordinals.get(key.pk) ?? 0) + 1;
    ordinals.set(key.pk, ordinal);
    const call = `${caller.call}/${ordinal}`;
    const period = seconds * 1000;
    const until = caller.resumed ? undefined : memory.forbiddenUntil(key.pk, call, period);
    if (until !== undefined) return { allowed: false, until };
    try {
      return await mark({ table, clock, memory }, { key, call, period });
    } catch (error) {
      if (!(error instanceof UnavailableError) || (options?.onOutage ?? "throw") === "throw") throw error;
      return { allowed: options?.onOutage === "allow" };
    }
  };

  return {
    ask,
    markAndTest: async (...question) => (await ask(...question)).allowed,

    async refund(operation, id, options) {
      const key = keyOf(caller, operation, id, options);
      memory.forget(key.pk);
      const removed = await table.delete(key, {
        condition: "begins_with(#call, :mine)",
        values: { mine: `${caller.call}/` },
      });
      // The next call takes the place of the one given back, as it will in a second attempt.
      if (removed) ordinals.set(key.pk, Math.max(0, (ordinals.get(key.pk) ?? 0) - 1));
    },
  };
}

interface Mark {
  readonly key: Key;
  readonly call: string;
  /** Milliseconds. */
  readonly period: number;
}

async function mark({ table, clock, memory }: Parts, { key, call, period }: Mark): Promise<Permit> {
  const now = clock.now();
  const marked = await table.update(key, {
    update: "SET #last = :now, #call = :call, #ttl = :ttl",
    condition: "attribute_not_exists(#last) OR #last <= :due OR #call = :call OR #ttl <= :seconds",
    values: {
      now,
      call,
      due: now - period,
      seconds: Math.floor(now / 1000),
      ttl: ttlAt(now + period + KEPT_LONGER_MS),
    },
  });
  if (marked.ok) {
    memory.remember(key.pk, { last: now, call });
    return { allowed: true };
  }
  // Not every server says which mark refused ours, and what is not known cannot be remembered.
  const refusing = marked.item ?? (await table.get(key).catch(() => undefined));
  const last = refusing === undefined ? undefined : numberOf(refusing, "last");
  if (refusing === undefined || last === undefined) return { allowed: false };
  memory.remember(key.pk, { last, call: textOf(refusing, "call") ?? "" });
  return { allowed: false, until: last + period };
}

function keyOf(
  caller: RateLimitCaller,
  operation: string,
  id: string,
  options: Pick<RateLimitOptions, "scope"> | undefined,
): Key {
  return rateLimitKey(
    options?.scope === "global" ? ["global", operation, id] : ["cluster", caller.cluster, operation, id],
  );
}
