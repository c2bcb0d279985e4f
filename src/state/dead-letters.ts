/** Dead letters: deliveries that were given up, with the reason of each attempt. */
import { monotonicFactory } from "ulid";
import { createBodies } from "./bodies.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import type { DeadLetter, DeadLetters } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

const PARTITION = "dl";
const LIFE_MS = 30 * 24 * 3600 * 1000;

export interface DeadLettersOptions {
  readonly table: Table;
  readonly clock?: Clock;
}

export function createDeadLetters<Body>({ table, clock = systemClock }: DeadLettersOptions): DeadLetters<Body> {
  const bodies = createBodies(table, clock);
  const nextUlid = monotonicFactory();
  return {
    async put({ body, reasons }) {
      const at = clock.now();
      const content = await bodies.pack(body);
      const ttl = ttlAt(at + LIFE_MS);
      await table.put({ pk: PARTITION, sk: nextUlid(at), at, ttl, reasons: JSON.stringify(reasons), ...content });
    },

    /** Newest first. */
    async list({ limit }) {
      const letters: DeadLetter<Body>[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({ pk: PARTITION, descending: true, limit: limit - letters.length, after });
        const read = await bodies.unpack<Body>(page.items);
        letters.push(...page.items.flatMap((item, index) => letterOf(item, read[index])));
        after = page.next;
      } while (after !== undefined && letters.length < limit);
      return letters;
    },
  };
}

function letterOf<Body>(item: Item, body: Body | undefined): DeadLetter<Body>[] {
  if (body === undefined) return [];
  const reasons: string[] = JSON.parse(textOf(item, "reasons") ?? "[]");
  return [{ id: textOf(item, "sk") ?? "", body, reasons, at: numberOf(item, "at") ?? 0 }];
}
