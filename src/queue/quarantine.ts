/**
 * Where deliveries are worked one at a time that were in work in a thread that died: the guilty one can then harm no other. Who is suspected
 * outlives a pool; the thread they are worked in is one of it.
 */
import type { Delivery } from "../delivery.ts";
import type { PoolThread } from "./pool-thread.ts";
import type { Outcome } from "./queue.ts";

/** Deliveries that were in work in a thread that died, with the name under which it held their leases. */
export interface Suspects {
  readonly size: number;
  add(delivery: Delivery, holder: string): void;
  /** Undefined where it is not suspected. */
  holderOf(delivery: Delivery): string | undefined;
  acquit(delivery: Delivery): void;
}

export function createSuspects(): Suspects {
  const holders = new Map<string, string>();
  return {
    get size() {
      return holders.size;
    },
    add: (delivery, holder) => void holders.set(nameOf(delivery), holder),
    holderOf: (delivery) => holders.get(nameOf(delivery)),
    acquit: (delivery) => void holders.delete(nameOf(delivery)),
  };
}

export interface Quarantine {
  /** Works a suspect when those before it have ended. Rejects where the thread ended before it answered. */
  work(delivery: Delivery): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface QuarantineOptions {
  readonly suspects: Suspects;
  /** Called when there is something to work; the thread ends when no suspect is left. */
  readonly start: () => Promise<PoolThread>;
  /** Called each time before a suspect is worked: by then nothing that the dead thread had sent is still on its way. */
  readonly onInterrupted: (delivery: Delivery, holder: string) => Promise<void>;
}

export function createQuarantine({ suspects, start, onInterrupted }: QuarantineOptions): Quarantine {
  let thread: PoolThread | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const stop = async () => {
    const last = thread;
    thread = undefined;
    await last?.stop();
  };

  const workAlone = async (delivery: Delivery): Promise<Outcome> => {
    const holder = suspects.holderOf(delivery);
    if (holder !== undefined) await onInterrupted(delivery, holder);
    thread ??= await start();
    const alone = thread;
    try {
      const outcome = await alone.work(delivery);
      if (outcome.state === "done") suspects.acquit(delivery);
      if (suspects.size === 0) await stop();
      return outcome;
    } catch (error) {
      thread = undefined;
      suspects.add(delivery, alone.holder);
      throw error;
    }
  };

  return {
    work(delivery) {
      const outcome = turn.then(() => workAlone(delivery));
      turn = outcome.catch(() => undefined);
      return outcome;
    },
    async stop() {
      await turn;
      await stop();
    },
  };
}

const nameOf = ({ cluster, key, id }: Delivery) => JSON.stringify([cluster, key, id]);
