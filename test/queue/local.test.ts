import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { AlertDelivery, Delivery } from "../../src/delivery.ts";
import { createLocalQueue, type LocalQueueOptions } from "../../src/queue/local.ts";
import type { Outcome } from "../../src/queue/queue.ts";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { createQueueStore } from "../../src/state/queue-store.ts";
import type { QueueStore } from "../../src/state/state.ts";
import { createTable } from "../../src/state/table.ts";
import { manualLog } from "../helpers/manual-log.ts";

let database: EmbeddedDatabase;
let store: QueueStore<Delivery>;
let tables = 0;
beforeAll(async () => {
  database = await startEmbeddedDatabase();
});
beforeEach(async () => {
  tables += 1;
  const options = { tableName: `queue-${tables}`, socketPath: database.socketPath };
  await createTableIfMissing(options);
  store = createQueueStore<Delivery>({ table: createTable(options) });
});
afterAll(() => database.close());

const delivery = (key: string, id = "1"): AlertDelivery => ({
  kind: "alert",
  id,
  key: `alert#${key}`,
  cluster: "shop",
  acceptedAt: 0,
  alert: { status: "firing", labels: {}, annotations: {}, fingerprint: key },
});

const done: Outcome = { state: "done" };
const nameOf = ({ key, id }: Delivery) => `${key.slice("alert#".length)}${id}`;

function start(work: LocalQueueOptions["work"], options: Partial<LocalQueueOptions> = {}) {
  const { log, lines } = manualLog();
  const queue = createLocalQueue({ store, work, capacity: () => 4, log, now: Date.now, ...options });
  onTestFinished(() => queue.drain());
  queue.start();
  return { queue, lines };
}

describe("the local queue", () => {
  it("works what is put, each key in order and one at a time, and forgets it", async () => {
    const worked: string[] = [];
    const inWork = new Map<string, number>();
    const { queue } = start(async (one) => {
      inWork.set(one.key, (inWork.get(one.key) ?? 0) + 1);
      expect(inWork.get(one.key)).toBe(1);
      await sleep(5);
      inWork.set(one.key, 0);
      worked.push(nameOf(one));
      return done;
    });
    await queue.put(["a", "b", "a", "c", "a"].map((key, index) => delivery(key, String(index))));
    await vi.waitFor(async () => expect(await store.count()).toBe(0));
    expect(worked.filter((name) => name.startsWith("a"))).toEqual(["a0", "a2", "a4"]);
    expect(worked).toHaveLength(5);
  });

  it("has no more in work than its capacity", async () => {
    let inWork = 0;
    let most = 0;
    const { queue } = start(
      async () => {
        inWork += 1;
        most = Math.max(most, inWork);
        await sleep(5);
        inWork -= 1;
        return done;
      },
      { capacity: () => 2 },
    );
    await queue.put(["a", "b", "c", "d", "e"].map((key) => delivery(key)));
    await vi.waitFor(async () => expect(await store.count()).toBe(0));
    expect(most).toBe(2);
  });

  it("comes again when the outcome says so, and when the worker failed", async () => {
    const attempts: string[] = [];
    const { queue, lines } = start(async (one) => {
      attempts.push(nameOf(one));
      if (attempts.filter((name) => name === nameOf(one)).length > 1) return done;
      if (one.key === "alert#a") throw new Error("the thread ended");
      return { state: "later", at: Date.now() + 50, reason: "busy" };
    });
    await queue.put([delivery("a"), delivery("b")]);
    await vi.waitFor(async () => expect(await store.count()).toBe(0), { timeout: 10_000 });
    expect(attempts.sort()).toEqual(["a1", "a1", "b1", "b1"]);
    expect(lines().join()).toContain("the thread ended");
  });

  it("does not work what is put for later before its time", async () => {
    const at: number[] = [];
    const { queue } = start(async () => {
      at.push(Date.now());
      return done;
    });
    const notBefore = Date.now() + 300;
    await queue.put([delivery("a")], { notBefore });
    await vi.waitFor(() => expect(at).toHaveLength(1), { timeout: 10_000 });
    expect(at[0]).toBeGreaterThanOrEqual(notBefore);
  });

  it("takes up at its start what the one before it left", async () => {
    const left = ["a", "b", "c", "d", "e", "f"].map((key) => ({
      ledger: delivery(key),
      body: delivery(key),
      visibleAt: 1,
    }));
    await store.put(left);
    const worked: string[] = [];
    start(async (one) => {
      worked.push(nameOf(one));
      return done;
    });
    await vi.waitFor(() => expect(worked.sort()).toEqual(["a1", "b1", "c1", "d1", "e1", "f1"]), { timeout: 900 });
  });

  it("refuses more while too many wait, as a whole, and says when to come again", async () => {
    const go = Promise.withResolvers<void>();
    const { queue } = start(() => go.promise.then(() => done), { maximumPending: 3 });
    await queue.put(["a", "b", "c", "d", "e"].map((key) => delivery(key)));
    await expect(queue.put([delivery("f")])).rejects.toMatchObject({
      name: "UnavailableError",
      message: "5 deliveries wait to be worked already",
      retryAfterSeconds: 2,
    });
    expect(await store.count()).toBe(5);
    go.resolve();
    await vi.waitFor(async () => expect(await store.count()).toBe(0));
    await expect(queue.put([delivery("f")])).resolves.toBeUndefined();
  });

  it("drains: finishes what is in work, leaves the rest in the table, and takes nothing more", async () => {
    const go = Promise.withResolvers<void>();
    const worked: string[] = [];
    const { queue } = start(
      async (one) => {
        await go.promise;
        worked.push(nameOf(one));
        return done;
      },
      { capacity: () => 1 },
    );
    await queue.put([delivery("a"), delivery("b")]);
    const drained = queue.drain();
    await expect(queue.put([delivery("c")])).rejects.toThrow("this instance is shutting down");
    go.resolve();
    await drained;
    expect(worked).toEqual(["a1"]);
    expect(await store.count()).toBe(1);
  });
});
