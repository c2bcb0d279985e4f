/**
 * The queue of a server on its own machine: entries in the state table, handed to worker threads. An entry has no lease of its own;
 * the ledger's lease, taken by whoever works it, is the lease. So any number of instances may read the same entries.
 */
import type { Delivery } from "../delivery.ts";
import { describeError, UnavailableError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { QueueEntry, QueueStore } from "../state/state.ts";
import type { Outcome, Queue } from "./queue.ts";

export interface LocalQueueOptions {
  readonly store: QueueStore<Delivery>;
  /** Works one delivery; rejects where the worker itself died, and then the entry is tried again. */
  readonly work: (delivery: Delivery) => Promise<Outcome>;
  /** How many deliveries may be in work at once. */
  readonly capacity: () => number;
  readonly log: Logger;
  readonly now: () => number;
  /** How many may wait before senders are told to come again; default 5,000. */
  readonly maximumPending?: number;
}

export interface LocalQueue extends Queue {
  /** Begins to hand out entries, with those that the process before this one left. */
  start(): void;
  /** Takes up an entry that another thread of this process has written. */
  wake(): void;
  /** Stops handing out entries, and resolves when those in work have ended. */
  drain(): Promise<void>;
  readonly pending: number;
  readonly inWork: number;
}

/** Beyond this the sender is told to come again: a queue that only grows helps nobody. */
const defaultMaximumPending = 5_000;
const shards = 4;
const pollMilliseconds = 1_000;
/** How long an entry is left alone after its worker died. */
const afterCrashMilliseconds = 1_000;

export function createLocalQueue(options: LocalQueueOptions): LocalQueue {
  const { store, work, capacity, log, now, maximumPending = defaultMaximumPending } = options;
  const ready = new Map<string, QueueEntry<Delivery>>();
  const inWork = new Map<string, Promise<void>>();
  let draining = false;
  let timer: NodeJS.Timeout | undefined;
  let shard = Math.floor(Math.random() * shards);

  const keyOf = ({ ledger }: QueueEntry<Delivery>) => `${ledger.cluster}/${ledger.key}`;

  /** The oldest entry that is due and whose key nothing of this process works on. */
  const nextReady = (): QueueEntry<Delivery> | undefined => {
    let oldest: QueueEntry<Delivery> | undefined;
    for (const entry of ready.values()) {
      const earlier = oldest === undefined || entry.visibleAt < oldest.visibleAt;
      if (earlier && entry.visibleAt <= now() && !inWork.has(keyOf(entry))) oldest = entry;
    }
    return oldest;
  };

  const handOut = () => {
    while (!draining && inWork.size < capacity()) {
      const entry = nextReady();
      if (entry === undefined) return;
      ready.delete(entry.id);
      const done = workEntry(entry).finally(() => {
        inWork.delete(keyOf(entry));
        handOut();
      });
      inWork.set(keyOf(entry), done);
    }
  };

  const workEntry = async (entry: QueueEntry<Delivery>) => {
    try {
      const outcome = await work(entry.body).catch(afterCrash);
      if (outcome.state === "done") return await store.delete(entry);
      const delayed = await store.delay(entry, outcome.at);
      ready.set(delayed.id, delayed);
    } catch (error) {
      // The entry is still in the table; polling finds it again.
      log.error("a queue entry could not be settled", { entry: entry.id, error: describeError(error) });
    }
  };

  const afterCrash = (error: unknown): Outcome => {
    log.error("a worker failed", { error: describeError(error) });
    return { state: "later", at: now() + afterCrashMilliseconds, reason: describeError(error) };
  };

  const poll = async (number: number) => {
    try {
      await readShard(number);
    } catch (error) {
      log.warn("the queue could not be read", { error: describeError(error) });
    }
    handOut();
  };

  const pollNext = () => {
    shard = (shard + 1) % shards;
    void poll(shard);
  };

  const pollAll = () => {
    for (let number = 0; number < shards; number += 1) void poll(number);
  };

  const isInHand = (entry: QueueEntry<Delivery>) => ready.has(entry.id) || inWork.has(keyOf(entry));

  /** Reads on while a page is full of what this process has in hand already. */
  const readShard = async (number: number, after?: string): Promise<void> => {
    const page = await store.due(number, { now: now(), ...(after === undefined ? {} : { after }) });
    const fresh = page.filter((entry) => !isInHand(entry));
    for (const entry of fresh) ready.set(entry.id, entry);
    const last = page.at(-1);
    if (last !== undefined && fresh.length === 0) await readShard(number, last.id);
  };

  return {
    start() {
      timer = setInterval(pollNext, pollMilliseconds);
      timer.unref();
      pollAll();
    },
    async put(deliveries, options) {
      const pending = ready.size + inWork.size;
      if (draining) throw new UnavailableError("this instance is shutting down", { retryAfterSeconds: 2 });
      // Not with those that come counted in: a body that would never fit would come again for ever.
      if (pending >= maximumPending) {
        throw new UnavailableError(`${pending} deliveries wait to be worked already`, { retryAfterSeconds: 2 });
      }
      const entries = await store.put(
        deliveries.map((delivery) => ({ ledger: delivery, body: delivery, visibleAt: options?.notBefore ?? now() })),
      );
      for (const entry of entries) ready.set(entry.id, entry);
      handOut();
    },
    wake: pollAll,
    async drain() {
      draining = true;
      clearInterval(timer);
      await Promise.allSettled(inWork.values());
    },
    get pending() {
      return ready.size;
    },
    get inWork() {
      return inWork.size;
    },
  };
}
