/** Who waits for the end of a run that this process works: told by its trace. */
import type { TraceEvent } from "../trace.ts";

export interface Endings {
  onTrace(event: TraceEvent): void;
  /** Calls back when work on a delivery has come to an end; what it returns takes the wish back. */
  ended(delivery: string, tell: () => void): () => void;
  /** Calls everybody back: this process ends, and waits for nothing any more. */
  stop(): void;
  readonly stopped: boolean;
}

export function createEndings(): Endings {
  const waiting = new Map<string, Set<() => void>>();
  let stopped = false;
  return {
    onTrace({ type, delivery }) {
      if (delivery.kind !== "invocation" || type !== "ended") return;
      for (const tell of waiting.get(delivery.id) ?? []) tell();
    },
    ended(delivery, tell) {
      if (stopped) tell();
      const tellers = waiting.get(delivery) ?? new Set();
      waiting.set(delivery, tellers.add(tell));
      return () => {
        tellers.delete(tell);
        if (tellers.size === 0) waiting.delete(delivery);
      };
    },
    stop() {
      stopped = true;
      for (const tellers of waiting.values()) for (const tell of tellers) tell();
    },
    get stopped() {
      return stopped;
    },
  };
}
