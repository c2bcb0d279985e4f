/** Slots of copies: two deliveries that say the same, one of which was begun and interrupted. */
import type { LedgerView, Slot } from "./state.ts";

/**
 * The copy whose run is to be gone on with; undefined where it is the delivery's own. It is the run that began first, so that all copies
 * agree on it whichever of them comes back.
 */
export function copyToResume(view: LedgerView<unknown>, copies: readonly Slot[], delivery: string): Slot | undefined {
  const own = view.slots.filter((slot) => slot.delivery === delivery);
  const [first] = [...copies, ...own].sort((a, b) => (a.run < b.run ? -1 : 1));
  return first?.delivery === delivery ? undefined : first;
}
