import type { Settings } from "../../src/settings.ts";
import { LEDGER_TIMINGS } from "../../src/state/ledger-timings.ts";
import { MESSAGE_TIMINGS } from "../../src/state/messages.ts";

/**
 * The usual times, but that a lease or a reservation may be taken over long before its end: for tests in which whoever asks for one knows
 * that its holder is dead, so that nothing waits and nothing depends on the time.
 */
export const takeOverAtOnce = {
  leaseTimings: { ...LEDGER_TIMINGS, takeOverAfter: -60_000 },
  messageTimings: { ...MESSAGE_TIMINGS, takeOverAfter: -60_000 },
} satisfies Partial<Settings>;
