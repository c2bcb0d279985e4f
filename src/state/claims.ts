/** Claims: who was first to use a name. A nonce is used once; an idempotency key stands for the request that used it first. */
import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { claimKey } from "./keys.ts";
import type { Claims } from "./state.ts";
import type { Table } from "./table.ts";
import { textOf } from "./values.ts";

export interface ClaimsOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

export function createClaims({ table, clock = systemClock }: ClaimsOptions): Claims {
  return {
    async claim(name, value, seconds) {
      const key = claimKey(name);
      // The SDK's second attempt after a lost answer finds its own claim.
      const owner = randomUUID();
      const now = clock.now();
      const claimed = await table.put(
        { ...key, owner, value, ttl: ttlAt(now + seconds * 1000) },
        { condition: "attribute_not_exists(#pk) OR #ttl <= :seconds", values: { seconds: Math.floor(now / 1000) } },
      );
      if (claimed) return undefined;
      const first = await table.get(key);
      return first === undefined || textOf(first, "owner") === owner ? undefined : textOf(first, "value");
    },
  };
}
