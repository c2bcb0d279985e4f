/**
 * Bodies: JSON of any size up to 4 MB, compressed, inside the item that names it or beside it in chunks. Chunks are named by their
 * content, are written before what names them, and outlive it.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { PayloadTooLargeError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { chunkPartition, type Key, sha256 } from "./keys.ts";
import type { Table } from "./table.ts";
import { bytesOf, type Item, type ItemInput, numberOf, textOf } from "./values.ts";

/** Of an item's 400 KB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const INLINE_BYTES = 200 * 1024;
const CHUNK_BYTES = 350 * 1024;
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;
const CHUNK_LIFE_MS = 35 * 24 * 3600 * 1000;

export interface Bodies {
  /** The attributes for an item; what is too large for it is in the table when this resolves. Throws PayloadTooLargeError. */
  pack(body: unknown): Promise<ItemInput>;
  /** The bodies of items, in their order; undefined where chunks are missing. */
  unpack<Body>(items: readonly Item[]): Promise<(Body | undefined)[]>;
}

export function createBodies(table: Table, clock: Clock): Bodies {
  return {
    async pack(body) {
      const bytes = await compress(JSON.stringify(body));
      if (bytes.length <= INLINE_BYTES) return { body: bytes };
      if (bytes.length > LARGEST_BODY_BYTES) {
        throw new PayloadTooLargeError(
          `A body of ${bytes.length} compressed bytes cannot be kept; the most is ${LARGEST_BODY_BYTES}.`,
        );
      }
      const chunked = sha256(bytes);
      const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
      const ttl = ttlAt(clock.now() + CHUNK_LIFE_MS);
      await table.batchPut(
        chunkKeys(chunked, chunks).map((key, index) => ({
          ...key,
          ttl,
          body: bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
        })),
      );
      return { chunked, chunks };
    },

    async unpack<Body>(items: readonly Item[]) {
      return await Promise.all(items.map((item) => unpackOne<Body>(table, item)));
    },
  };
}

async function unpackOne<Body>(table: Table, item: Item): Promise<Body | undefined> {
  const bytes = bytesOf(item, "body") ?? (await readChunks(table, item));
  if (bytes === undefined) return undefined;
  const body: Body = JSON.parse((await decompress(bytes)).toString("utf8"));
  return body;
}

async function readChunks(table: Table, item: Item): Promise<Uint8Array | undefined> {
  const hash = textOf(item, "chunked");
  if (hash === undefined) return undefined;
  const chunks = await table.batchGet(chunkKeys(hash, numberOf(item, "chunks") ?? 0));
  const parts = chunks.flatMap((chunk) => (chunk === undefined ? [] : [bytesOf(chunk, "body") ?? new Uint8Array()]));
  return parts.length === chunks.length ? Buffer.concat(parts) : undefined;
}

function chunkKeys(hash: string, count: number): Key[] {
  return Array.from({ length: count }, (_, index) => ({
    pk: chunkPartition(hash),
    sk: String(index).padStart(3, "0"),
  }));
}

const compress = promisify<string, Buffer>(gzip);
const decompress = promisify<Uint8Array, Buffer>(gunzip);
