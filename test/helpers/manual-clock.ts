import type { Clock } from "../../src/state/clock.ts";

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, and runs the timers that fall due, in their order, with the clock at each one's time. */
  advance(milliseconds: number): void;
  /** How many timers are waiting. */
  waiting(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** `skew`: how far this clock's idea of the date is from others'. */
export function manualClock({ start = Date.UTC(2026, 0, 31, 12), skew = 0 } = {}): ManualClock {
  let passed = 0;
  const timers = new Set<Timer>();
  return {
    now: () => start + skew + passed,
    monotonic: () => passed,
    after(milliseconds, run) {
      const timer = { at: passed + Math.max(0, milliseconds), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      const end = passed + milliseconds;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        passed = next.at;
        next.run();
      }
      passed = end;
    },
    waiting: () => timers.size,
  };
}
