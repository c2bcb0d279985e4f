/** The life of items: `ttl` holds seconds since the epoch, as DynamoDB wants it. */
import { type Item, numberOf } from "./values.ts";

/** Whether the item is absent for its readers, though DynamoDB may keep it for days more. */
export function isExpired(item: Item, now: number): boolean {
  const ttl = numberOf(item, "ttl");
  return ttl !== undefined && ttl * 1000 <= now;
}

/** The `ttl` of what lives until then (milliseconds since the epoch). */
export function ttlAt(time: number): number {
  return Math.ceil(time / 1000);
}
