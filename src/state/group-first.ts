/** The first messages of a group: one item for each group, which every instance shares, and one for each message that was asked about. */
import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { countedKey, groupKey } from "./keys.ts";
import type { Groups } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

/** Longer than a delivery may be worked again. */
const COUNTED_MS = 7 * 24 * 3600 * 1000;
/** How much longer than its interval a group is kept. */
const KEPT_LONGER_MS = 3600 * 1000;

export interface GroupFirstOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

interface Counted {
  readonly group: readonly string[];
  readonly sink: string;
  readonly message: string;
  readonly first: number;
  /** Of the interval, in milliseconds. */
  readonly length: number;
}

export function createGroupFirst({ table, clock = systemClock }: GroupFirstOptions): Pick<Groups, "isAmongFirst"> {
  /** Noted before it is given, so that the answer is the same for whoever asks again, also when the interval is over. */
  const note = async ({ group, sink, message }: Counted, { start, among }: Answer): Promise<void> => {
    await table.update(countedKey(sink, message), {
      update: "SET #group = :group, #start = :start, #among = :among, #ttl = :ttl",
      values: { group: JSON.stringify(group), start, among, ttl: ttlAt(clock.now() + COUNTED_MS) },
    });
  };

  /** Whether the message is counted now: not where somebody was faster. */
  const enter = async ({ group, message, length }: Counted, item: Item | undefined, { start, members }: Interval) => {
    const written = await table.update(groupKey(group), {
      update: "SET #start = :start, #members = :members, #token = :token, #ttl = :ttl",
      condition: item === undefined ? "attribute_not_exists(#token) OR #ttl <= :now" : "#token = :read",
      values: {
        start,
        members: JSON.stringify([...members, message]),
        token: randomUUID(),
        ttl: ttlAt(start + length + KEPT_LONGER_MS),
        now: Math.floor(clock.now() / 1000),
        read: item && textOf(item, "token"),
      },
    });
    return written.ok;
  };

  /** Undefined where somebody was faster. */
  const ask = async (counted: Counted): Promise<boolean | undefined> => {
    const now = clock.now();
    const keys = [groupKey(counted.group), countedKey(counted.sink, counted.message)];
    const [item, noted] = await table.batchGet(keys);
    const known = noted && answerOf(noted);
    if (known !== undefined && isLasting(known, counted, now)) return known.among;
    const interval = intervalOf(item, now, counted.length);
    const { start, members } = interval;
    if (members.includes(counted.message)) return true;
    const among = members.length < counted.first;
    if (known?.start !== start || known.among !== among) await note(counted, { start, among });
    if (!among) return false;
    return (await enter(counted, item, interval)) || undefined;
  };

  return {
    async isAmongFirst(group, message, { first, seconds }) {
      const counted = { group, sink: group[0] ?? "", message, first, length: seconds * 1000 };
      // Every write that comes between adds a message, of which there are never more than `first`: this ends.
      for (;;) {
        const answer = await ask(counted);
        if (answer !== undefined) return answer;
      }
    },
  };
}

interface Answer {
  /** When the interval began in which it was given. */
  readonly start: number;
  readonly among: boolean;
}

function answerOf(item: Item): (Answer & { readonly group: string }) | undefined {
  const start = numberOf(item, "start");
  const group = textOf(item, "group");
  return start === undefined || group === undefined ? undefined : { group, start, among: item.among === true };
}

/** While the interval runs, the group itself says it: whoever noted the answer may have died before it counted. */
const isLasting = (known: Answer & { readonly group: string }, { group, length }: Counted, now: number): boolean =>
  known.group !== JSON.stringify(group) || known.start + length <= now;

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
