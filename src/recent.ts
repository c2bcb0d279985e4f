/** The last deliveries of which nothing came, and why: what to look at when a playbook did not run. In memory, as they are many. */
import { type DeliverySummary, inWords, type NoMatch, type TraceEvent } from "./trace.ts";

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
/** Refusals hold on to their deliveries, which may be large, so they are put into words before long. */
const settleMilliseconds = 1_000;

export function createRecent(now: () => number): Recent {
  /** A ring: `next` is where the oldest is. */
  const last: (() => IdleDelivery)[] = [];
  let next = 0;
  let settling = false;

  const settle = () => {
    settling = false;
    for (const [index, make] of last.entries()) {
      const made = make();
      last[index] = () => made;
    }
  };

  return {
    onTrace(event) {
      if (event.type !== "unmatched" && event.type !== "recognised") return;
      const at = now();
      last[next] = () => idleDelivery(at, event);
      next = (next + 1) % kept;
      if (settling) return;
      settling = true;
      setTimeout(settle, settleMilliseconds).unref();
    },
    list: () => [...last.slice(next), ...last.slice(0, next)].reverse().map((make) => make()),
  };
}

function idleDelivery(at: number, event: IdleEvent): IdleDelivery {
  const reason = event.type === "recognised" ? { known: event.reason } : { playbooks: inWords(event.refusals) };
  return { at: new Date(at).toISOString(), delivery: event.delivery, ...reason };
}
