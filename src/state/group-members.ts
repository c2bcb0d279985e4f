/** Messages that are summed up: which interval of which group each is in, and what is in an interval. */
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { groupIntervalKey, memberKey, memberPartition, membershipKey } from "./keys.ts";
import type { Groups, Member, Membership } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

/** As long as messages are known: an alert may fire for weeks before it resolves. */
const LIFE_MS = 30 * 24 * 3600 * 1000;
const MEMBERS_AT_ONCE = 500;

export interface GroupMembersOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

export function createGroupMembers(
  options: GroupMembersOptions,
): Pick<Groups, "join" | "membership" | "resolve" | "members"> {
  const { table, clock = systemClock } = options;
  const ttl = (): number => ttlAt(clock.now() + LIFE_MS);
  const seconds = (): number => Math.floor(clock.now() / 1000);

  /** When the interval that runs began: of many who begin one, one does. */
  const runningInterval = async (group: readonly string[], length: number): Promise<number> => {
    for (;;) {
      const now = clock.now();
      const item = await table.get(groupIntervalKey(group));
      const start = item && numberOf(item, "start");
      if (start !== undefined && now < start + length) return start;
      const begun = await table.update(groupIntervalKey(group), {
        update: "SET #start = :now, #ttl = :ttl",
        condition: start === undefined ? "attribute_not_exists(#start) OR #ttl <= :seconds" : "#start = :start",
        values: { now, start, ttl: ttlAt(now + LIFE_MS), seconds: seconds() },
      });
      if (begun.ok) return now;
    }
  };

  const membership: Groups["membership"] = async (sink, message) => {
    const item = await table.get(membershipKey(sink, message));
    return item && membershipOf(item);
  };

  return {
    membership,

    async join(group, message, { seconds: length, entry }) {
      const [sink = ""] = group;
      let known = await membership(sink, message);
      if (known === undefined) {
        const entered = { group, interval: await runningInterval(group, length * 1000) };
        const written = await table.update(membershipKey(sink, message), {
          update: "SET #group = :group, #interval = :interval, #ttl = :ttl",
          condition: "attribute_not_exists(#group) OR #ttl <= :seconds",
          values: { group: JSON.stringify(group), interval: entered.interval, ttl: ttl(), seconds: seconds() },
        });
        known = written.ok ? entered : ((await membership(sink, message)) ?? entered);
      }
      // Also where it was known: whoever entered it may have ended before this.
      await table.update(memberKey(known.group, known.interval, message), {
        update: "SET #entry = :entry, #ttl = :ttl",
        condition: "attribute_not_exists(#entry)",
        values: { entry, ttl: ttl() },
      });
      return known;
    },

    async resolve({ group, interval }, message) {
      await table.update(memberKey(group, interval, message), {
        update: "SET #resolved = :resolved, #ttl = :ttl",
        values: { resolved: true, ttl: ttl() },
      });
    },

    async members({ group, interval }) {
      const found: Member[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({ pk: memberPartition(group, interval), limit: MEMBERS_AT_ONCE, after });
        found.push(...page.items.flatMap(memberOf));
        after = page.next;
      } while (after !== undefined);
      return found;
    },
  };
}

function membershipOf(item: Item): Membership | undefined {
  const group = textOf(item, "group");
  const interval = numberOf(item, "interval");
  return group === undefined || interval === undefined ? undefined : { group: JSON.parse(group), interval };
}

function memberOf(item: Item): Member[] {
  const entry = textOf(item, "entry");
  return entry === undefined ? [] : [{ entry, resolved: item.resolved === true }];
}
