/** The entries of the local queue. They have no lease: the ledger's lease is the lease, so an entry worked twice finds its work done. */
import { monotonicFactory } from "ulid";
import { createBodies } from "./bodies.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Key, queueEntryId, queuePartition, queueShard, queueTime, SHARDS } from "./keys.ts";
import type { LedgerKey, QueueEntry, QueueStore } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, type ItemInput, textOf } from "./values.ts";

const ENTRIES_AT_ONCE = 25;

export interface QueueStoreOptions {
  readonly table: Table;
  readonly clock?: Clock;
  /** Told of an entry whose body is gone; it stays where it is. */
  readonly onBroken?: (problem: string) => void;
}

/** An entry's id is `<visible at>#<ulid>`: its place in its shard, and what `due` goes on after. */
export function createQueueStore<Body>(options: QueueStoreOptions): QueueStore<Body> {
  const { table, clock = systemClock, onBroken = () => {} } = options;
  const bodies = createBodies(table, clock);
  // Entries of one millisecond keep the order in which they were put.
  const nextUlid = monotonicFactory();

  const itemOf = async (entry: QueueEntry<Body>): Promise<Key & ItemInput> => ({
    ...keyOf(entry),
    cluster: entry.ledger.cluster,
    key: entry.ledger.key,
    ...(await bodies.pack(entry.body)),
  });

  const readable = async (items: readonly Item[]): Promise<QueueEntry<Body>[]> => {
    const read = await bodies.unpack<Body>(items);
    return items.flatMap((item, index) => {
      const body = read[index];
      const id = textOf(item, "sk") ?? "";
      if (body === undefined) onBroken(`The queue's entry ${id} cannot be read: its body is gone.`);
      return body === undefined ? [] : [{ id, ledger: ledgerOf(item), visibleAt: Number(id.slice(0, 13)), body }];
    });
  };

  return {
    async put(entries) {
      const made = entries.map((entry) => ({ ...entry, id: queueEntryId(entry.visibleAt, nextUlid(clock.now())) }));
      await table.batchPut(await Promise.all(made.map(itemOf)));
      return made;
    },

    async due(shard, { now, after }) {
      const due: QueueEntry<Body>[] = [];
      let next = after;
      // A page ends after 1 MB, however few entries that is.
      do {
        const page = await table.query({
          pk: queuePartition(shard),
          where: "#sk < :until",
          values: { until: queueTime(now + 1) },
          limit: ENTRIES_AT_ONCE - due.length,
          after: next,
        });
        due.push(...(await readable(page.items)));
        next = page.next;
      } while (next !== undefined && due.length < ENTRIES_AT_ONCE);
      return due;
    },

    async delay(entry, visibleAt) {
      const moved = { ...entry, visibleAt, id: queueEntryId(visibleAt, entry.id.slice(entry.id.indexOf("#") + 1)) };
      if (moved.id === entry.id) return entry;
      await table.put(await itemOf(moved));
      await table.delete(keyOf(entry));
      return moved;
    },

    async delete(entry) {
      await table.delete(keyOf(entry));
    },

    async count() {
      const shards = Array.from({ length: SHARDS }, (_, shard) => table.count(queuePartition(shard)));
      return (await Promise.all(shards)).reduce((sum, count) => sum + count, 0);
    },
  };
}

function keyOf(entry: Pick<QueueEntry<unknown>, "id" | "ledger">): Key {
  return { pk: queuePartition(queueShard(entry.ledger)), sk: entry.id };
}

function ledgerOf(item: Item): LedgerKey {
  return { cluster: textOf(item, "cluster") ?? "", key: textOf(item, "key") ?? "" };
}
