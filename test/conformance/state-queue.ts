import { describe, expect, it } from "vitest";
import { createDeadLetters } from "../../src/state/dead-letters.ts";
import { SHARDS } from "../../src/state/keys.ts";
import { createQueueStore } from "../../src/state/queue-store.ts";
import type { QueueEntry, QueueStore } from "../../src/state/state.ts";
import type { Bench } from "./state.ts";

interface Body {
  readonly text: string;
}

export function queueConformance(bench: Bench): void {
  const start = () => {
    const { table, clock } = bench.process();
    return { table, clock, queue: createQueueStore<Body>({ table, clock }) };
  };

  describe("the queue", () => {
    it("gives what is due in the order in which it was put, all of a key in one shard, and no more once deleted", async () => {
      const { queue, clock } = start();
      const ledger = { cluster: bench.unique(), key: "alert#a" };
      const visibleAt = clock.now();
      const texts = Array.from({ length: 60 }, (_, index) => `entry ${index}`);
      const put = await queue.put(texts.map((text) => ({ ledger, body: { text }, visibleAt })));
      const due = await allDue(queue, clock.now(), ledger.cluster);
      expect(due.map(({ body }) => body.text)).toEqual(texts);
      expect(due).toEqual(put);
      expect(await queue.count()).toBeGreaterThanOrEqual(60);
      for (const entry of due) await queue.delete(entry);
      expect(await allDue(queue, clock.now(), ledger.cluster)).toEqual([]);
    });

    it("keeps an entry back until its time, and moves it to a later one", async () => {
      const { queue, clock } = start();
      const ledger = { cluster: bench.unique(), key: "alert#a" };
      const [entry] = await queue.put([{ ledger, body: { text: "a" }, visibleAt: clock.now() + 1000 }]);
      expect(await allDue(queue, clock.now() + 999, ledger.cluster)).toEqual([]);
      expect(await allDue(queue, clock.now() + 1000, ledger.cluster)).toEqual([entry]);
      const moved = await queue.delay(defined(entry), clock.now() + 5000);
      expect(await allDue(queue, clock.now() + 4999, ledger.cluster)).toEqual([]);
      expect(await allDue(queue, clock.now() + 5000, ledger.cluster)).toEqual([moved]);
      expect(await queue.delay(moved, moved.visibleAt)).toEqual(moved);
      expect(await allDue(queue, clock.now() + 5000, ledger.cluster)).toEqual([moved]);
      await queue.delete(moved);
    });

    it("keeps bodies that are larger than an item may be, and refuses those above 4 MB", async () => {
      const { queue, clock } = start();
      const ledger = { cluster: bench.unique(), key: "alert#a" };
      const text = noise(1_500_000);
      const [entry] = await queue.put([{ ledger, body: { text }, visibleAt: clock.now() }]);
      const [due] = await allDue(queue, clock.now(), ledger.cluster);
      expect(due?.body.text === text).toBe(true);
      await queue.delete(defined(entry));
      const tooLarge = queue.put([{ ledger, body: { text: noise(6_000_000) }, visibleAt: 0 }]);
      await expect(tooLarge).rejects.toMatchObject({ name: "PayloadTooLargeError", status: 413 });
    });
  });

  describe("an entry whose body is gone", () => {
    it("is told of, and does not keep back those behind it", async () => {
      const { table, clock } = bench.process();
      const problems: string[] = [];
      const queue = createQueueStore<Body>({ table, clock, onBroken: (problem) => problems.push(problem) });
      const ledger = { cluster: bench.unique(), key: "alert#a" };
      const body = { text: noise(400_000) };
      const [broken] = await queue.put([{ ledger, body, visibleAt: clock.now() }]);
      // Its chunks live for 35 days.
      clock.advance(36 * 24 * 3600 * 1000);
      const [whole] = await queue.put([{ ledger, body: { text: "whole" }, visibleAt: clock.now() }]);
      expect(await allDue(queue, clock.now(), ledger.cluster)).toEqual([whole]);
      expect(problems).toContain(`The queue's entry ${broken?.id} cannot be read: its body is gone.`);
      await queue.delete(defined(broken));
      await queue.delete(defined(whole));
    });
  });

  describe("dead letters", () => {
    it("are kept with their reasons for 30 days, and listed newest first", async () => {
      const { table, clock } = bench.process();
      const letters = createDeadLetters<Body>({ table, clock });
      for (const text of ["a", "b", "c"]) {
        await letters.put({ body: { text }, reasons: [`why ${text}`] });
        clock.advance(1);
      }
      const listed = await letters.list({ limit: 2 });
      expect(listed).toMatchObject([
        { body: { text: "c" }, reasons: ["why c"] },
        { body: { text: "b" }, reasons: ["why b"], at: clock.now() - 2 },
      ]);
      clock.advance(30 * 24 * 3600 * 1000 + 1000);
      expect(await letters.list({ limit: 2 })).toEqual([]);
    });
  });
}

async function allDue(queue: QueueStore<Body>, now: number, cluster: string): Promise<QueueEntry<Body>[]> {
  const found: QueueEntry<Body>[] = [];
  for (let shard = 0; shard < SHARDS; shard += 1) {
    let page = await queue.due(shard, { now });
    while (page.length > 0) {
      found.push(...page);
      const last = page.at(-1);
      page = last === undefined ? [] : await queue.due(shard, { now, after: last.id });
    }
  }
  return found.filter(({ ledger }) => ledger.cluster === cluster);
}

/** Text that does not compress to less than about two thirds. */
function noise(length: number): string {
  let seed = 1;
  const letters = Array.from({ length }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return String.fromCharCode(33 + ((seed >>> 16) % 90));
  });
  return letters.join("");
}

function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Nothing is there.");
  return value;
}
