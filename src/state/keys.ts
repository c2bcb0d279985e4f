/** The keys of the table's items. Text inside a key is encoded, so that no name can reach into another's key. */
import { createHash } from "node:crypto";
import { decodeTime } from "ulid";
import type { MessageKey } from "../delivery.ts";
import type { LedgerKey } from "./state.ts";

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Entries and runs are spread over this many partitions, each of which takes 1,000 writes a second. */
export const SHARDS = 4;

/** The sort key of what is alone in its partition. */
const ALONE = "-";

export function ledgerKey(key: LedgerKey): Key {
  return { pk: ledgerPartition(key), sk: ALONE };
}

/** `k#<cluster>#alert#<fingerprint>`: the messages of a key lie beside its ledger. */
export function ledgerPartition({ cluster, key }: LedgerKey): string {
  const cut = key.indexOf("#");
  const kind = key.slice(0, Math.max(0, cut));
  return ["k", cluster, kind, key.slice(cut + 1)].map(encode).join("#");
}

export function messageKey(key: MessageKey): Key {
  return { pk: ledgerPartition(key), sk: `${messagePrefix(key.episode)}${encode(key.sink)}#${encode(key.part)}` };
}

export function messagePrefix(episode: string): string {
  return `m#${encode(episode)}#`;
}

/** The sink and the part of a message, from its sort key. */
export function messageNames(sk: string): { sink: string; part: string } {
  const [, , sink = "", part = ""] = sk.split("#").map(decodeURIComponent);
  return { sink, part };
}

export function rateLimitKey(parts: readonly string[]): Key {
  return { pk: `rl#${hashOf(parts)}`, sk: ALONE };
}

/** The item of a group. */
export function groupKey(group: readonly string[]): Key {
  return { pk: groupPartition(group), sk: ALONE };
}

export function groupPartition(group: readonly string[]): string {
  return `g#${hashOf(group)}`;
}

/** The interval of a group that runs. */
export function groupIntervalKey(group: readonly string[]): Key {
  return { pk: groupPartition(group), sk: "interval" };
}

/** What is entered into an interval lies together. */
export function memberKey(group: readonly string[], interval: number, message: string): Key {
  return { pk: memberPartition(group, interval), sk: message };
}

export function memberPartition(group: readonly string[], interval: number): string {
  return `${groupPartition(group)}#${interval}`;
}

/** Where a message of a sink is. */
export function membershipKey(sink: string, message: string): Key {
  return { pk: `gm#${hashOf([sink, message])}`, sk: ALONE };
}

/** What was answered of a message that is counted in its group. */
export function countedKey(sink: string, message: string): Key {
  return { pk: `gc#${hashOf([sink, message])}`, sk: ALONE };
}

/** Which digest of a sink is being filled, and which is to be told. */
export function digestKey(sink: string): Key {
  return { pk: `d#${hashOf([sink])}`, sk: ALONE };
}

export function digestEntryKey(sink: string, number: number, message: string): Key {
  return { pk: digestEntriesPartition(sink, number), sk: message };
}

export function digestEntriesPartition(sink: string, number: number): string {
  return `${digestKey(sink).pk}#${number}`;
}

/** That a message is in a digest of a sink. */
export function heldKey(sink: string, message: string, status: "firing" | "resolved"): Key {
  return { pk: `dm#${hashOf([sink, message, status])}`, sk: ALONE };
}

export function claimKey(name: readonly string[]): Key {
  return { pk: `c#${hashOf(name)}`, sk: ALONE };
}

/** The pushed repositories, by name. */
export const pushedPartition = "p";

export function pushedKey(name: string): Key {
  return { pk: pushedPartition, sk: encode(name) };
}

/** With the length before each part no two lists of parts read alike: "a", "bc" is not "ab", "c". */
function hashOf(parts: readonly string[]): string {
  return sha256(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(""));
}

export function queuePartition(shard: number): string {
  return `q#${shard}`;
}

/** Thirteen digits last until the year 2286, and sort as they count. */
export function queueEntryId(visibleAt: number, ulid: string): string {
  return `${queueTime(visibleAt)}#${ulid}`;
}

export function queueTime(at: number): string {
  return String(Math.max(0, Math.floor(at))).padStart(13, "0");
}

/** Work on one key stays in one shard, so that its order is that of the shard. */
export function queueShard(key: LedgerKey): number {
  return shardOf(ledgerPartition(key));
}

export function chunkPartition(hash: string): string {
  return `x#${hash}`;
}

/** The days that have runs, by name. */
export const runDaysPartition = "rd";

/** The day of a run is the day of its ulid, in UTC. */
export function runPartition(ulid: string): string {
  return runDayPartition(dayOf(decodeTime(ulid)), shardOf(ulid));
}

export function runDayPartition(day: string, shard: number): string {
  return `r#${day}#${shard}`;
}

/** `20260131`, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
}

export function runKey(run: { readonly id: string; readonly playbook: string }): Key {
  return { pk: runPartition(run.id), sk: `${run.id}#${encode(run.playbook)}` };
}

function shardOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) % SHARDS;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

const encode = encodeURIComponent;
