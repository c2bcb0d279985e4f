/** The time, as far as the state table needs it: tests give one that they move by hand. */
export interface Clock {
  /** Milliseconds since the epoch: what is compared between processes, and stored. */
  now(): number;
  /** Milliseconds since some moment; it only goes forward. What one process measures for itself. */
  monotonic(): number;
  /** Runs it once after that many milliseconds, without keeping the process alive. Returns how to call it off. */
  after(milliseconds: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.max(0, milliseconds));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
