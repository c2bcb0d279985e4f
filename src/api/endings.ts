/** Who waits for the end of a run that this process works: told by its trace. */
import type { TraceEvent } from "../trace.ts";

export interface Endings {
  onTrace(event: TraceEvent): void;
  /** Calls back when work on a delivery has come to an end; what it returns takes the wish back. */
  ended(delivery: string, tell: () => void): () => void;
}

export function createEndings(): Endings {
  const waiting = new Map<string, Set<() => void>>();
  return {
    onTrace({ type, delivery }) {
      if (delivery.kind !== "invocation" || type !== "ended") return;
      for (const tell of waiting.get(delivery.id) ?? []) tell();
    },
    ended(delivery, tell) {
      const tellers = waiting.get(delivery) ?? new Set();
      waiting.set(delivery, tellers.add(tell));
      return () => {
        tellers.delete(tell);
        if (tellers.size === 0) waiting.delete(delivery);
      };
    },
  };
}
