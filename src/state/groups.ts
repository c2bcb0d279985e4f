/** What is remembered of findings that belong together, for one sink: one item for each group, which every instance shares. */
import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { createGroupMembers } from "./group-members.ts";
import { groupKey } from "./keys.ts";
import type { Groups } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

/** How much longer than its interval a group is kept. */
const KEPT_LONGER_MS = 3600 * 1000;

export interface GroupsOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

export function createGroups({ table, clock = systemClock }: GroupsOptions): Groups {
  return {
    ...createGroupMembers({ table, clock }),

    async isAmongFirst(group, message, { first, seconds }) {
      const key = groupKey(group);
      // Every write that comes between adds a message, of which there are never more than `first`: this ends.
      for (;;) {
        const now = clock.now();
        const item = await table.get(key);
        const { start, members } = intervalOf(item, now, seconds * 1000);
        if (members.includes(message)) return true;
        if (members.length >= first) return false;
        const written = await table.update(key, {
          update: "SET #start = :start, #members = :members, #token = :token, #ttl = :ttl",
          condition: item === undefined ? "attribute_not_exists(#token) OR #ttl <= :now" : "#token = :read",
          values: {
            start,
            members: JSON.stringify([...members, message]),
            token: randomUUID(),
            ttl: ttlAt(start + seconds * 1000 + KEPT_LONGER_MS),
            now: Math.floor(now / 1000),
            read: item && textOf(item, "token"),
          },
        });
        if (written.ok) return true;
      }
    },
  };
}

interface Interval {
  readonly start: number;
  readonly members: readonly string[];
}

/** The interval that is running, else a new one, which begins now. */
function intervalOf(item: Item | undefined, now: number, length: number): Interval {
  const start = item && numberOf(item, "start");
  if (item === undefined || start === undefined || start + length <= now) return { start: now, members: [] };
  return { start, members: JSON.parse(textOf(item, "members") ?? "[]") };
}
