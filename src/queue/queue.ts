/** The queue port: what stands between the answer to a sender and the work. */
import type { Delivery } from "../delivery.ts";

export interface Queue {
  /**
   * Takes deliveries over. When it resolves they are durable (inline: worked), and the sender may be answered 2xx. Throws
   * UnavailableError where they are not: then none of them may be relied upon, and the sender should come again.
   * `notBefore`, in milliseconds since the epoch, is when they are to be worked at the earliest.
   */
  put(deliveries: readonly Delivery[], options?: { readonly notBefore: number }): Promise<void>;
}

/** What became of one delivery that was worked. */
export type Outcome =
  /** Worked to an end, or found to need no work. Remove it. */
  | { readonly state: "done" }
  /** Come again then (milliseconds since the epoch): the key is busy, or our infrastructure failed. */
  | { readonly state: "later"; readonly at: number; readonly reason: string };
