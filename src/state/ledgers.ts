/**
 * Ledgers: one item per key of what is worked one at a time. A take is one conditional update that wins the lease and returns the state;
 * an end is one update, conditional on owner and fence, that writes what is finished and removes the lease.
 */
import { randomUUID } from "node:crypto";
import { ulid } from "ulid";
import { type Clock, systemClock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import { type Key, ledgerKey } from "./keys.ts";
import { holdLease } from "./lease.ts";
import { RUN, SLOT_LIFE_MS, slotText, TRY, viewOf } from "./ledger-item.ts";
import { LEDGER_TIMINGS, type LedgerTimings } from "./ledger-timings.ts";
import type { Facts, LedgerKey, Ledgers } from "./state.ts";
import type { Table } from "./table.ts";

export interface LedgersOptions {
  readonly table: Table;
  readonly clock?: Clock;
  readonly timings?: LedgerTimings;
  /** Names who takes leases here; default: a new name. */
  readonly holder?: string;
}

export function createLedgers(options: LedgersOptions): Ledgers {
  const { table, clock = systemClock, timings = LEDGER_TIMINGS, holder = randomUUID() } = options;
  return {
    async take<State>(key: LedgerKey, delivery: { id: string; facts: Facts }) {
      // Measured before the request is sent, so that the lease is never believed to last longer than it does.
      const sentAt = clock.monotonic();
      const owner = `${holder}/${randomUUID()}`;
      const now = clock.now();
      const taken = await table.update(ledgerKey(key), takeOf({ owner, now, delivery, timings }));
      if (!taken.ok) return "busy";
      const { item } = taken;
      const view = viewOf<State>(item, now);
      const at: Key = ledgerKey(key);
      return holdLease({ table, clock, timings, key: at, owner, item, view, delivery: delivery.id, sentAt });
    },

    async read<State>(keys: readonly LedgerKey[]) {
      const items = await table.batchGet(keys.map(ledgerKey));
      return items.map((item) => viewOf<State>(item, clock.now()));
    },

    async requestCancel(key) {
      const asked = await table.update(ledgerKey(key), {
        update: "SET #cancel = :now",
        condition: "attribute_exists(#owner) AND #until > :now",
        values: { now: clock.now() },
      });
      return asked.ok;
    },

    async releaseHeldBy(dead, key) {
      await table.update(ledgerKey(key), {
        update: "REMOVE #owner, #until, #cancel",
        condition: "begins_with(#owner, :dead)",
        values: { dead: `${dead}/` },
      });
    },
  };
}

interface Take {
  readonly owner: string;
  readonly now: number;
  readonly delivery: { readonly id: string; readonly facts: Facts };
  readonly timings: LedgerTimings;
}

/** `owner` is new for every take, so the SDK's second attempt after a lost answer wins its own lease. */
function takeOf({ owner, now, delivery, timings }: Take): Parameters<Table["update"]>[1] {
  return {
    update: [
      "SET #owner = :me, #until = :until, #ttl = :ttl, #fence = if_not_exists(#fence, :none) + :one, #run = if_not_exists(#run, :slot)",
      "REMOVE #cancel",
      "ADD #try :one",
    ].join(" "),
    condition: "attribute_not_exists(#owner) OR #until < :over OR #owner = :me",
    names: { run: RUN + delivery.id, try: TRY + delivery.id },
    values: {
      me: owner,
      until: now + timings.lease,
      over: now - timings.takeOverAfter,
      // The item must not be deleted while it is worked, however old its state is.
      ttl: ttlAt(now + SLOT_LIFE_MS),
      none: 0,
      one: 1,
      slot: slotText({ run: ulid(now), at: now, facts: delivery.facts }),
    },
  };
}
