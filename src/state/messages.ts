/** Where messages are. A reference is reserved before its message is posted, so that no two workers post the same one. */
import { randomUUID } from "node:crypto";
import type { MessageKey } from "../delivery.ts";
import { LeaseLostError } from "../errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { ledgerPartition, messageKey, messageNames, messagePrefix } from "./keys.ts";
import type { MessageReference, Messages } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

/** Milliseconds. */
export interface MessageTimings {
  /** How long a worker may take to post. */
  readonly posting: number;
  /** How long after that another may try: clocks of two machines differ by less. */
  readonly takeOverAfter: number;
}

export const MESSAGE_TIMINGS: MessageTimings = { posting: 30_000, takeOverAfter: 5000 };
const LIFE_MS = 30 * 24 * 3600 * 1000;
const REFERENCES_AT_ONCE = 100;

export interface MessagesOptions {
  readonly table: Table;
  readonly clock?: Clock;
  readonly timings?: MessageTimings;
}

export function createMessages(options: MessagesOptions): Messages {
  const { table, clock = systemClock, timings = MESSAGE_TIMINGS } = options;
  const until = (): number => clock.now() + timings.posting;
  const ttl = (): number => ttlAt(clock.now() + LIFE_MS);
  const seconds = (): number => Math.floor(clock.now() / 1000);
  const POST =
    "SET #state = :posting, #owner = :owner, #token = :token, #until = :until, #ttl = :ttl REMOVE #reference";

  return {
    async reserve(key, owner) {
      // New for every call: the SDK's second attempt after a lost answer finds its own reservation, a second call does not.
      const token = randomUUID();
      const values = { posting: "posting", owner, token, until: until(), ttl: ttl() };
      const reserved = await table.update(messageKey(key), {
        update: POST,
        condition: "attribute_not_exists(#state) OR #state = :ignored OR #ttl <= :now OR #token = :token",
        values: { ...values, ignored: "ignored", now: seconds() },
      });
      if (reserved.ok) return "reserved";
      const item = await table.get(messageKey(key));
      // Abandoned or expired in this very moment: the caller comes again.
      if (item === undefined) return "busy";
      if (textOf(item, "state") === "posted") return referenceOf(key, item);
      const mine = textOf(item, "owner") === owner;
      if (!mine && (numberOf(item, "until") ?? 0) + timings.takeOverAfter > clock.now()) return "busy";
      const taken = await table.update(messageKey(key), {
        update: POST,
        condition: "(#state = :posting AND #token = :theirs) OR #token = :token",
        values: { ...values, theirs: textOf(item, "token") },
      });
      return taken.ok ? "retry" : "busy";
    },

    /** Also for a message that was posted anew: whoever holds the key's lease may replace a reference. */
    async posted(key, owner, reference) {
      const written = await table.update(messageKey(key), {
        update: "SET #state = :posted, #owner = :owner, #reference = :reference, #ttl = :ttl REMOVE #token, #until",
        condition: "attribute_not_exists(#state) OR #state = :posted OR #owner = :owner",
        values: { posted: "posted", owner, reference: JSON.stringify(reference), ttl: ttl() },
      });
      if (!written.ok) {
        throw new LeaseLostError(
          `Another worker posts the message ${key.part} of ${key.key} at ${key.sink} meanwhile.`,
        );
      }
    },

    async abandon(key, owner) {
      await table.delete(messageKey(key), {
        condition: "#state = :posting AND #owner = :owner",
        values: { posting: "posting", owner },
      });
    },

    async ignore(key) {
      const noted = await table.update(messageKey(key), {
        update: "SET #state = :ignored, #ttl = :ttl REMOVE #owner, #token, #until, #reference",
        condition: "attribute_not_exists(#state) OR #state = :ignored OR #ttl <= :now",
        values: { ignored: "ignored", ttl: ttl(), now: seconds() },
      });
      return noted.ok;
    },

    async list(key, episode) {
      const found: MessageReference[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({
          pk: ledgerPartition(key),
          where: "begins_with(#sk, :episode)",
          values: { episode: messagePrefix(episode) },
          limit: REFERENCES_AT_ONCE,
          after,
        });
        for (const item of page.items) {
          found.push(referenceOf({ ...key, episode, ...messageNames(textOf(item, "sk") ?? "") }, item));
        }
        after = page.next;
      } while (after !== undefined);
      return found;
    },
  };
}

function referenceOf(key: MessageKey, item: Item): MessageReference {
  const text = textOf(item, "reference");
  if (text === undefined) return { key, state: textOf(item, "state") === "ignored" ? "ignored" : "posting" };
  const reference: Readonly<Record<string, string>> = JSON.parse(text);
  return { key, state: "posted", reference };
}
