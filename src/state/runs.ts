/** Run records: one item per run and playbook, spread over four shards of the run's day, and one item for each day that has any. */
import { decodeTime } from "ulid";
import { LeaseLostError } from "../errors.ts";
import { type Bodies, createBodies } from "./bodies.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { dayOf, runDayPartition, runDaysPartition, runKey, runPartition, SHARDS } from "./keys.ts";
import type { RunStore } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, textOf } from "./values.ts";

const DAY_MS = 24 * 3600 * 1000;
/** Runs are kept for 14 days from their last writing. */
const LIFE_DAYS = 14;
/** A run is written for the last time long before the day is over that comes after its own. */
const DAY_LIFE_DAYS = LIFE_DAYS + 2;
/** What one listing may read before it returns what it has: pages of all shards together. */
const LISTING_PAGES = 80;
const ITEMS_PER_PAGE = 100;

/** What the store needs to know of a run. `id` is a ulid, from which its day and shard follow. */
export interface StoredRun {
  readonly id: string;
  readonly playbook: string;
  readonly fence: number;
}

export interface RunStoreOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

export function createRunStore<Run extends StoredRun>(options: RunStoreOptions): RunStore<Run> {
  const { table, clock = systemClock } = options;
  const bodies = createBodies(table, clock);
  const noted = new Set<string>();

  /** Once for each process and day, before the first run of the day, so that no listing passes over it. */
  const noteDay = async (time: number): Promise<void> => {
    const day = dayOf(time);
    if (noted.has(day)) return;
    await table.put({ pk: runDaysPartition, sk: day, ttl: ttlAt(clock.now() + DAY_LIFE_DAYS * DAY_MS) });
    noted.add(day);
  };

  return {
    async put(run) {
      await noteDay(decodeTime(run.id));
      const content = await bodies.pack(run);
      const ttl = ttlAt(clock.now() + LIFE_DAYS * DAY_MS);
      const { fence } = run;
      const written = await table.put(
        { ...runKey(run), fence, ttl, ...content },
        { condition: "attribute_not_exists(#fence) OR #fence <= :fence", values: { fence } },
      );
      if (!written) {
        throw new LeaseLostError(`Another worker has gone on with run ${run.id}; this one's record is not kept.`);
      }
    },

    async get(id) {
      const items: Item[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({
          pk: runPartition(id),
          where: "begins_with(#sk, :run)",
          values: { run: `${id}#` },
          limit: ITEMS_PER_PAGE,
          after,
        });
        items.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      return await unpack(bodies, items);
    },

    /** `before` is the sort key of the last run seen (`<ulid>#<playbook>`), or a ulid alone to leave out the whole run. */
    async list({ limit, before: last }) {
      const before = last === undefined ? undefined : sortKeyBefore(last);
      const now = clock.now();
      const newest = before === undefined ? now : Math.min(now, decodeTime(before.slice(0, 26)));
      const found: Item[] = [];
      let pages = 0;
      const oldest = now - (LIFE_DAYS + 1) * DAY_MS;
      for (const day of await daysBetween(table, dayOf(oldest), dayOf(newest))) {
        const one = await listDay(table, { day, limit: limit - found.length, before });
        found.push(...one.items);
        pages += one.pages;
        if (found.length >= limit || pages >= LISTING_PAGES) break;
      }
      return await unpack(bodies, found);
    },
  };
}

function sortKeyBefore(last: string): string {
  const [id = "", ...playbook] = last.split("#");
  return playbook.length === 0 ? id : runKey({ id, playbook: playbook.join("#") }).sk;
}

/** Those that have runs, newest first. */
async function daysBetween(table: Table, oldest: string, newest: string): Promise<string[]> {
  const page = await table.query({
    pk: runDaysPartition,
    where: "#sk BETWEEN :oldest AND :newest",
    values: { oldest, newest },
    descending: true,
    limit: ITEMS_PER_PAGE,
  });
  return page.items.map(sortKeyOf);
}

interface Day {
  readonly day: string;
  readonly limit: number;
  readonly before: string | undefined;
}

/** The newest of a day, merged from its shards. */
async function listDay(table: Table, { day, limit, before }: Day): Promise<{ items: Item[]; pages: number }> {
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    listShard(table, runDayPartition(day, shard), limit, before),
  );
  const lists = await Promise.all(shards);
  const items = lists.flatMap((list) => list.items).sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? 1 : -1));
  return { items: items.slice(0, limit), pages: lists.reduce((sum, list) => sum + list.pages, 0) };
}

async function listShard(table: Table, pk: string, limit: number, before: string | undefined) {
  const items: Item[] = [];
  let pages = 0;
  let after: string | undefined;
  do {
    const where = before === undefined ? {} : { where: "#sk < :before", values: { before } };
    const page = await table.query({ pk, ...where, descending: true, limit: limit - items.length, after });
    items.push(...page.items);
    after = page.next;
    pages += 1;
  } while (after !== undefined && items.length < limit && pages < LISTING_PAGES);
  return { items, pages };
}

async function unpack<Run>(bodies: Bodies, items: readonly Item[]): Promise<Run[]> {
  const runs = await bodies.unpack<Run>(items);
  return runs.filter((run) => run !== undefined);
}

function sortKeyOf(item: Item): string {
  return textOf(item, "sk") ?? "";
}
