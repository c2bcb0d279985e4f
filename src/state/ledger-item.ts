/** The item of a ledger, read: what of it counts now. */
import { isExpired } from "./expiry.ts";
import type { Facts, LedgerView, Slot } from "./state.ts";
import { type Item, numberOf, textOf } from "./values.ts";

export const RUN = "run:";
export const TRY = "try:";

/** Deliveries begun that long ago (milliseconds) and never ended are forgotten; Alertmanager itself forgets after five days. */
export const SLOT_LIFE_MS = 7 * 24 * 3600 * 1000;

interface StoredSlot {
  readonly run: string;
  /** When it was first taken. */
  readonly at: number;
  readonly facts: Facts;
}

export function slotText(slot: StoredSlot): string {
  return JSON.stringify(slot);
}

/** All slots, also those that are too old to count. */
export function slotsOf(item: Item): (Slot & { readonly at: number })[] {
  const names = Object.keys(item).filter((name) => name.startsWith(RUN));
  return names.flatMap((name) => {
    const text = textOf(item, name);
    if (text === undefined) return [];
    const { run, at, facts }: StoredSlot = JSON.parse(text);
    const delivery = name.slice(RUN.length);
    return [{ delivery, run, at, facts, attempts: numberOf(item, TRY + delivery) ?? 1 }];
  });
}

export function isForgotten(slot: { readonly at: number }, now: number): boolean {
  return slot.at + SLOT_LIFE_MS <= now;
}

/** What the item says at that time. The state has an expiry of its own, as every take prolongs the life of the item. */
export function viewOf<State>(item: Item | undefined, now: number): LedgerView<State> {
  if (item === undefined || isExpired(item, now)) return { state: undefined, slots: [] };
  const text = textOf(item, "state");
  const expires = numberOf(item, "expires") ?? 0;
  const state: State | undefined = text === undefined || expires <= now ? undefined : JSON.parse(text);
  return {
    state,
    slots: slotsOf(item)
      .filter((slot) => !isForgotten(slot, now))
      .map(toSlot),
  };
}

export function toSlot({ delivery, run, attempts, facts }: Slot): Slot {
  return { delivery, run, attempts, facts };
}
