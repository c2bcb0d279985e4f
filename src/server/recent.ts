/** The last thousand deliveries of which nothing came, and why: what to look at when a playbook did not run. In memory, as they are many. */
import { type DeliverySummary, inWords, type NoMatch, type TraceEvent } from "../trace.ts";

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

type IdleEvent = TraceEvent & { type: "unmatched" | "recognised" };

const kept = 1_000;
/** In a flood the rest is counted by the metrics alone: to keep each of them would cost more than to answer it. */
const keptPerSecond = 100;

export function createRecent(now: () => number): Recent {
  /** A ring: `next` is where the oldest is. */
  const last: IdleDelivery[] = [];
  let next = 0;
  let second = 0;
  let taken = 0;

  return {
    onTrace(event) {
      if (event.type !== "unmatched" && event.type !== "recognised") return;
      const at = now();
      if (at - second >= 1_000) {
        second = at;
        taken = 0;
      }
      taken += 1;
      if (taken > keptPerSecond) return;
      last[next] = idleDelivery(at, event);
      next = (next + 1) % kept;
    },
    list: () => [...last.slice(next), ...last.slice(0, next)].reverse(),
  };
}

function idleDelivery(at: number, event: IdleEvent): IdleDelivery {
  const reason = event.type === "recognised" ? { known: event.reason } : { playbooks: inWords(event.refusals) };
  return { at: new Date(at).toISOString(), delivery: event.delivery, ...reason };
}
