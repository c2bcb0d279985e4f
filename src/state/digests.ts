/** What sinks were not told while it was quiet, until a message sums it up. What is held comes into one digest, whoever holds or tells. */
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { digestEntriesPartition, digestEntryKey, digestKey, heldKey } from "./keys.ts";
import type { Digest, Digests, Member } from "./state.ts";
import type { Table } from "./table.ts";
import { numberOf, textOf } from "./values.ts";

/** For a mute interval of two weeks. What was held longer ago is no news. */
const LIFE_MS = 14 * 24 * 3600 * 1000;
/** How many entries of one digest are read. */
const MOST_ENTRIES = 2000;
const ENTRIES_AT_ONCE = 500;

export interface DigestsOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

/**
 * A sink has one digest that is being filled, `round`, and at most one that is closed and not told yet, `closed`. An entry is written into
 * the digest that is being filled; where that was closed in the meantime, which may have been before the entry was read, it is written into
 * the next one too: at the border it may be told twice, and is never lost.
 */
export function createDigests({ table, clock = systemClock }: DigestsOptions): Digests {
  const ttl = (): number => ttlAt(clock.now() + LIFE_MS);

  /** The digest that is being filled, in which something is from now on. */
  const open = async (sink: string): Promise<number> => {
    const key = digestKey(sink);
    // The rest of an expired one may be there still, which is as good as a new one.
    const opened = await table.update(key, {
      update: "SET #round = if_not_exists(#round, :now), #held = :true, #ttl = :ttl",
      values: { now: clock.now(), true: true, ttl: ttl() },
    });
    return (opened.ok ? numberOf(opened.item, "round") : undefined) ?? clock.now();
  };

  const write = (sink: string, round: number, message: string, { entry, resolved }: Member) =>
    table.update(digestEntryKey(sink, round, message), {
      update: "SET #entry = if_not_exists(#entry, :entry), #resolved = :resolved, #ttl = :ttl",
      ...(resolved ? {} : { condition: "attribute_not_exists(#entry) OR #ttl <= :seconds" }),
      values: { entry, resolved, ttl: ttl(), seconds: Math.floor(clock.now() / 1000) },
    });

  return {
    async hold(sink, message, member) {
      const held = heldKey(sink, message, member.resolved ? "resolved" : "firing");
      if ((await table.get(held)) !== undefined) return;
      for (;;) {
        const round = await open(sink);
        await write(sink, round, message, member);
        const item = await table.get(digestKey(sink));
        if (item !== undefined && numberOf(item, "round") !== round) continue;
        await table.put({ ...held, round, ttl: ttl() });
        return;
      }
    },

    async resolve(sink, message) {
      const held = await table.get(heldKey(sink, message, "firing"));
      const round = held && numberOf(held, "round");
      if (round === undefined) return;
      await table.update(digestEntryKey(sink, round, message), {
        update: "SET #resolved = :true",
        condition: "attribute_exists(#entry)",
        values: { true: true },
      });
    },

    async due(sink): Promise<Digest | undefined> {
      for (;;) {
        const item = await table.get(digestKey(sink));
        if (item === undefined) return;
        const closed = numberOf(item, "closed");
        if (closed !== undefined) return { number: closed, ...(await entriesOf(table, sink, closed)) };
        const round = numberOf(item, "round");
        if (round === undefined || item.held !== true) return;
        await table.update(digestKey(sink), {
          update: "SET #closed = :round, #round = :next, #held = :false, #ttl = :ttl",
          condition: "#round = :round AND attribute_not_exists(#closed)",
          values: { round, next: Math.max(clock.now(), round + 1), false: false, ttl: ttl() },
        });
      }
    },

    async told(sink, number) {
      await table.update(digestKey(sink), {
        update: "REMOVE #closed",
        condition: "#closed = :number",
        values: { number },
      });
    },
  };
}

async function entriesOf(table: Table, sink: string, number: number): Promise<Pick<Digest, "entries" | "more">> {
  const entries: Member[] = [];
  let after: string | undefined;
  do {
    const page = await table.query({ pk: digestEntriesPartition(sink, number), limit: ENTRIES_AT_ONCE, after });
    for (const item of page.items) {
      const entry = textOf(item, "entry");
      if (entry !== undefined) entries.push({ entry, resolved: item.resolved === true });
    }
    after = page.next;
  } while (after !== undefined && entries.length < MOST_ENTRIES);
  return { entries, more: after !== undefined };
}
