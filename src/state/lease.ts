/** A lease while it is held: renewed by a timer, and given up in time when it cannot be. */
import { LeaseLostError, UnavailableError } from "../errors.ts";
import type { Clock } from "./clock.ts";
import { ttlAt } from "./expiry.ts";
import type { Key } from "./keys.ts";
import { isForgotten, RUN, SLOT_LIFE_MS, slotsOf, TRY, toSlot } from "./ledger-item.ts";
import type { LedgerTimings } from "./ledger-timings.ts";
import type { Lease, LedgerView } from "./state.ts";
import type { Table } from "./table.ts";
import { type Item, numberOf, textOf } from "./values.ts";

export interface Holding<State> {
  readonly table: Table;
  readonly clock: Clock;
  readonly timings: LedgerTimings;
  readonly key: Key;
  readonly owner: string;
  readonly delivery: string;
  /** The ledger's item as the take left it, and what of it counts. */
  readonly item: Item;
  readonly view: LedgerView<State>;
  /** When the take was sent, on the clock that only goes forward. */
  readonly sentAt: number;
}

export function holdLease<State>(holding: Holding<State>): Lease<State> {
  const { table, clock, key, item, view, delivery } = holding;
  const fence = numberOf(item, "fence") ?? 0;
  const mine = { me: holding.owner, fence };
  const slots = slotsOf(item);
  const slot = slots.find((one) => one.delivery === delivery);
  if (slot === undefined) throw new Error(`The ledger ${key.pk} lacks the slot of ${delivery} that was just written.`);
  const renewal = keepRenewed(holding, mine);

  return {
    ...view,
    fence,
    slot: toSlot(slot),
    lost: renewal.lost,
    cancelled: renewal.cancelled,

    async end(outcome) {
      renewal.stop();
      const now = clock.now();
      const forgotten = slots.filter((one) => isForgotten(one, now)).map((one) => one.delivery);
      const ended = new Set([...outcome.slots, ...forgotten]);
      const someRemain = slots.some((one) => !ended.has(one.delivery));
      const removal = removalOf([...ended]);
      const update = {
        update: `SET #state = :state, #expires = :expires, #ttl = :ttl REMOVE #owner, #until, #cancel${removal.text}`,
        condition: OURS,
        names: removal.names,
        values: {
          ...mine,
          state: JSON.stringify(outcome.state),
          expires: outcome.expiresAt,
          ttl: ttlAt(someRemain ? Math.max(outcome.expiresAt, now + SLOT_LIFE_MS) : outcome.expiresAt),
        },
      };
      await untilKnown(table, key, mine, async () => (await table.update(key, update)).ok);
    },

    async release(options) {
      renewal.stop();
      const removal = removalOf(options?.forget === true ? [delivery] : []);
      await table.update(key, {
        update: `REMOVE #owner, #until, #cancel${removal.text}`,
        condition: OURS,
        names: removal.names,
        values: mine,
      });
    },
  };
}

const OURS = "#owner = :me AND #fence = :fence";

interface Ours {
  readonly me: string;
  readonly fence: number;
}

function removalOf(deliveries: readonly string[]): { text: string; names: Record<string, string> } {
  const names: Record<string, string> = {};
  deliveries.forEach((delivery, index) => {
    names[`run${index}`] = RUN + delivery;
    names[`try${index}`] = TRY + delivery;
  });
  return {
    text: Object.keys(names)
      .map((name) => `, #${name}`)
      .join(""),
    names,
  };
}

/** A write whose answer was lost may have happened: then nobody holds the ledger, and its fence is still ours. */
async function untilKnown(table: Table, key: Key, { me, fence }: Ours, write: () => Promise<boolean>): Promise<void> {
  let failure: unknown;
  try {
    if (await write()) return;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    failure = error;
  }
  const item = await table.get(key);
  const owner = item === undefined ? undefined : textOf(item, "owner");
  if (item !== undefined && owner === undefined && numberOf(item, "fence") === fence) return;
  if (failure !== undefined && owner === me) throw failure;
  throw new LeaseLostError(`Another worker has taken ${key.pk}; what this one did is not recorded as the outcome.`);
}

interface Renewal {
  readonly lost: AbortSignal;
  readonly cancelled: AbortSignal;
  stop(): void;
}

function keepRenewed<State>({ table, clock, timings, key, sentAt }: Holding<State>, mine: Ours): Renewal {
  const lost = new AbortController();
  const cancelled = new AbortController();
  let stopped = false;
  let stopNext = (): void => {};
  let stopWatch = (): void => {};

  const stop = (): void => {
    stopped = true;
    stopNext();
    stopWatch();
  };
  const lose = (why: string): void => {
    if (stopped) return;
    stop();
    lost.abort(new LeaseLostError(`The lease on ${key.pk} is lost: ${why}.`));
  };
  const renewAfter = (milliseconds: number): void => {
    if (!stopped) stopNext = clock.after(milliseconds, () => void renew());
  };
  const watchFrom = (sent: number): void => {
    stopWatch();
    if (stopped) return;
    const left = sent + timings.lease - timings.lostBefore - clock.monotonic();
    stopWatch = clock.after(left, () => lose("it could not be renewed in time"));
  };
  const renew = async (): Promise<void> => {
    const sent = clock.monotonic();
    try {
      const renewed = await table.update(key, {
        update: "SET #until = :until",
        condition: OURS,
        values: { ...mine, until: clock.now() + timings.lease },
      });
      if (!renewed.ok) return lose("another worker has taken it");
      if (renewed.item.cancel !== undefined) cancelled.abort();
      watchFrom(sent);
      renewAfter(timings.renewEvery - (clock.monotonic() - sent));
    } catch {
      // The watch decides when it is too late; until then an outage may pass.
      renewAfter(timings.renewAgainAfter);
    }
  };

  watchFrom(sentAt);
  renewAfter(timings.renewEvery - (clock.monotonic() - sentAt));
  return { lost: lost.signal, cancelled: cancelled.signal, stop };
}
