/** The last deliveries of which nothing came, and why: what to look at when a playbook did not run. In memory, as they are many. */
import type { DeliverySummary, NoMatch, TraceEvent } from "./trace.ts";

export interface IdleDelivery {
  /** RFC 3339. */
  readonly at: string;
  readonly delivery: DeliverySummary;
  /** That it is known already; absent where no playbook matched. */
  readonly known?: string;
  /** Each playbook with the condition that did not hold. */
  readonly playbooks?: readonly NoMatch[];
}

export interface Recent {
  onTrace(event: TraceEvent): void;
  /** Newest first. */
  list(): readonly IdleDelivery[];
}

const kept = 1_000;

export function createRecent(now: () => number): Recent {
  const last: IdleDelivery[] = [];
  return {
    onTrace(event) {
      if (event.type !== "unmatched" && event.type !== "recognised") return;
      const reason = event.type === "recognised" ? { known: event.reason } : { playbooks: event.others };
      last.push({ at: new Date(now()).toISOString(), delivery: event.delivery, ...reason });
      if (last.length > kept) last.shift();
    },
    list: () => last.toReversed(),
  };
}
