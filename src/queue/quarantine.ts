/** Where deliveries are worked one at a time that were in work in a thread that died: the guilty one can then harm no other. */
import type { Delivery } from "../delivery.ts";
import type { PoolThread } from "./pool-thread.ts";
import type { Outcome } from "./queue.ts";

export interface Quarantine {
  /** From now on it is worked here, until it has been worked to an end. `holder` names the thread that died with it. */
  suspect(delivery: Delivery, holder: string): void;
  suspects(delivery: Delivery): boolean;
  /** Works it when those before it have ended. Rejects where the thread ended before it answered. */
  work(delivery: Delivery): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface QuarantineOptions {
  /** Called when there is something to work; the thread ends when no suspect is left. */
  readonly start: () => Promise<PoolThread>;
  /** Called each time before a suspect is worked: by then nothing that the dead thread had sent is still on its way. */
  readonly onInterrupted: (delivery: Delivery, holder: string) => Promise<void>;
}

export function createQuarantine({ start, onInterrupted }: QuarantineOptions): Quarantine {
  /** The suspects, with who held them last. */
  const suspects = new Map<string, string>();
  let thread: PoolThread | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const stop = async () => {
    const last = thread;
    thread = undefined;
    await last?.stop();
  };

  const workAlone = async (delivery: Delivery): Promise<Outcome> => {
    const name = nameOf(delivery);
    const holder = suspects.get(name);
    if (holder !== undefined) await onInterrupted(delivery, holder);
    thread ??= await start();
    const alone = thread;
    try {
      const outcome = await alone.work(delivery);
      if (outcome.state === "done") suspects.delete(name);
      if (suspects.size === 0) await stop();
      return outcome;
    } catch (error) {
      thread = undefined;
      suspects.set(name, alone.holder);
      throw error;
    }
  };

  return {
    suspect: (delivery, holder) => void suspects.set(nameOf(delivery), holder),
    suspects: (delivery) => suspects.has(nameOf(delivery)),
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
