/** Batches through one client: in the sizes that DynamoDB takes, and again what it did not get to. Imported by table.ts alone. */
import { setTimeout as wait } from "node:timers/promises";
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { UnavailableError } from "../errors.ts";
import type { Key } from "./keys.ts";
import type { TableClient } from "./table-client.ts";
import { fromAttributes, type Item, type ItemInput, toAttributes } from "./values.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_READ_AT_ONCE = 100;
/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const ITEMS_WRITTEN_AT_ONCE = 25;
/** Milliseconds between asking again when a batch is throttled, before we give up. */
const PAUSES = [25, 50, 100, 200, 400, 800];

/** Consistently. The keys must differ. */
export async function readBatches(client: TableClient, table: string, keys: readonly Key[]): Promise<Item[]> {
  const pages = await Promise.all(
    inChunks(keys, KEYS_READ_AT_ONCE).map(async (some) => {
      const items: Item[] = [];
      await untilNoneIsLeft(
        some.map(({ pk, sk }) => toAttributes({ pk, sk })),
        table,
        async (Keys) => {
          const request = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
          const answer = await client.send((sdk) => sdk.send(request));
          items.push(...(answer.Responses?.[table] ?? []).map(fromAttributes));
          return answer.UnprocessedKeys?.[table]?.Keys ?? [];
        },
      );
      return items;
    }),
  );
  return pages.flat();
}

/** The keys of the items must differ. */
export async function writeBatches(client: TableClient, table: string, items: readonly ItemInput[]): Promise<void> {
  const requests = items.map((item): WriteRequest => ({ PutRequest: { Item: toAttributes(item) } }));
  await Promise.all(
    inChunks(requests, ITEMS_WRITTEN_AT_ONCE).map((some) =>
      untilNoneIsLeft(some, table, async (left) => {
        const request = new BatchWriteItemCommand({ RequestItems: { [table]: left } });
        const answer = await client.send((sdk) => sdk.send(request));
        return answer.UnprocessedItems?.[table] ?? [];
      }),
    ),
  );
}

async function untilNoneIsLeft<T extends WriteRequest | Record<string, AttributeValue>>(
  all: readonly T[],
  table: string,
  request: (some: T[]) => Promise<T[]>,
): Promise<void> {
  let left = [...all];
  let pauses = 0;
  while (left.length > 0) {
    const before = left.length;
    left = await request(left);
    // An answer may also be full; only one that did nothing at all was throttled.
    if (left.length < before) continue;
    const pause = PAUSES[pauses];
    if (pause === undefined)
      throw new UnavailableError(`The table ${table} is throttled: ${left.length} items are left over.`);
    pauses += 1;
    await wait(pause);
  }
}

function inChunks<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
  return chunks;
}
