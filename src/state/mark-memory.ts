/** What this process remembers of marks, so that a storm on one key costs a write each half minute and not one each. */
import type { Clock } from "./clock.ts";

/** A mark may be refunded elsewhere, so a memory is short. */
const MEMORY_MS = 30_000;
const MOST_MARKS = 10_000;

interface Mark {
  /** Milliseconds since the epoch. */
  readonly last: number;
  /** The call that the mark belongs to. */
  readonly call: string;
}

export interface MarkMemory {
  /** Until when a mark that is known well enough refuses this call, in milliseconds since the epoch; undefined where none does. */
  forbiddenUntil(key: string, call: string, period: number): number | undefined;
  remember(key: string, mark: Mark): void;
  forget(key: string): void;
}

export function createMarkMemory(clock: Clock): MarkMemory {
  const marks = new Map<string, Mark & { readonly learned: number }>();
  return {
    forbiddenUntil(key, call, period) {
      const mark = marks.get(key);
      if (mark === undefined || mark.call === call) return undefined;
      const fresh = clock.monotonic() - mark.learned < MEMORY_MS;
      const until = mark.last + period;
      return fresh && until > clock.now() ? until : undefined;
    },
    remember(key, mark) {
      // A map keeps the order of insertion, so the first one is the one learned longest ago.
      marks.delete(key);
      marks.set(key, { ...mark, learned: clock.monotonic() });
      const [oldest] = marks.keys();
      if (marks.size > MOST_MARKS && oldest !== undefined) marks.delete(oldest);
    },
    forget(key) {
      marks.delete(key);
    },
  };
}
