/** No queue at all: the sender waits until its deliveries are worked. For a single function, and for tests. */
import type { Delivery } from "../delivery.ts";
import { UnavailableError } from "../errors.ts";
import type { Outcome, Queue } from "./queue.ts";

/** How many deliveries of one request are worked at once. */
const concurrency = 8;

export function createInlineQueue(work: (delivery: Delivery) => Promise<Outcome>): Queue {
  return {
    async put(deliveries) {
      const waiting = [...deliveries];
      const postponed: string[] = [];
      const next = async () => {
        for (let delivery = waiting.shift(); delivery !== undefined; delivery = waiting.shift()) {
          const reason = await workNow(delivery, work);
          if (reason !== undefined) postponed.push(reason);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, next));
      if (postponed.length > 0) {
        throw new UnavailableError(`${postponed.length} of ${deliveries.length} deliveries wait: ${postponed[0]}`, {
          retryAfterSeconds: 5,
        });
      }
    },
  };
}

/** Undefined once it is worked, else why it is not. What only a sink did not take has nowhere to wait but with the sender. */
async function workNow(
  delivery: Delivery,
  work: (delivery: Delivery) => Promise<Outcome>,
): Promise<string | undefined> {
  if (delivery.kind === "notify") return `the sink ${delivery.sink} did not take a finding`;
  const outcome = await work(delivery);
  return outcome.state === "done" ? undefined : outcome.reason;
}
