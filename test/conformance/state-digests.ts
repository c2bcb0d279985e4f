import { describe, expect, it } from "vitest";
import { createDigests } from "../../src/state/digests.ts";
import type { Member } from "../../src/state/state.ts";
import type { Table } from "../../src/state/table.ts";
import type { Bench } from "./state.ts";

const firing = (entry: string): Member => ({ entry, resolved: false });
const resolved = (entry: string): Member => ({ entry, resolved: true });

export function digestsConformance(bench: Bench): void {
  const start = () => {
    const { table, clock } = bench.process();
    return { clock, table, sink: bench.unique(), digests: createDigests({ table, clock }) };
  };

  describe("digests", () => {
    it("have each message once, and are the same for all who ask until they are told", async () => {
      const { sink, digests, clock } = start();
      expect(await digests.due(sink)).toBeUndefined();
      for (const message of ["a", "b", "a"]) await digests.hold(sink, message, firing(`of ${message}`));
      const first = await digests.due(sink);
      expect(first).toMatchObject({ entries: [firing("of a"), firing("of b")], more: false });
      await digests.hold(sink, "c", firing("of c"));
      expect(await digests.due(sink)).toEqual(first);
      await digests.told(sink, first?.number ?? 0);
      clock.advance(1);
      const second = await digests.due(sink);
      expect(second?.entries).toEqual([firing("of c")]);
      await digests.told(sink, first?.number ?? 0);
      expect(await digests.due(sink)).toEqual(second);
      await digests.told(sink, second?.number ?? 0);
      expect(await digests.due(sink)).toBeUndefined();
      expect(await digests.due(`${sink} another`)).toBeUndefined();
    });

    it("know what resolved, whether or not it was held as it fired, and never forget it", async () => {
      const { sink, digests } = start();
      await digests.hold(sink, "a", firing("of a"));
      await digests.hold(sink, "b", firing("of b"));
      await digests.hold(sink, "a", resolved("of a, later"));
      await digests.hold(sink, "c", resolved("of c"));
      await digests.hold(sink, "c", firing("of c, late"));
      await digests.resolve(sink, "b");
      await digests.resolve(sink, "nobody");
      const { entries } = (await digests.due(sink)) ?? expect.fail();
      expect(entries).toEqual([resolved("of a"), resolved("of b"), resolved("of c")]);
    });

    it("lose nothing that is written while one is closed", async () => {
      const { sink, table, digests, clock } = start();
      await digests.hold(sink, "a", firing("of a"));
      let told: Awaited<ReturnType<typeof digests.due>>;
      const late: Table = {
        ...table,
        // Between the reading of the round and the writing of the entry, another worker closes and reads it.
        async update(key, update) {
          if (key.sk === "b" && told === undefined) told = await digests.due(sink);
          return table.update(key, update);
        },
      };
      await createDigests({ table: late, clock }).hold(sink, "b", firing("of b"));
      expect(told?.entries).toEqual([firing("of a")]);
      await digests.told(sink, told?.number ?? 0);
      expect((await digests.due(sink))?.entries).toEqual([firing("of b")]);
    });

    it("are shared: of many at once all is in one of them", async () => {
      const { sink } = start();
      const processes = [start(), start(), start()].map(({ digests }) => digests);
      const hold = (index: number) => processes[index % 3]?.hold(sink, `m${index % 8}`, firing("e"));
      await Promise.all(Array.from({ length: 16 }, (_, index) => hold(index)));
      const all = await Promise.all(processes.map((digests) => digests.due(sink)));
      expect(new Set(all.map((digest) => digest?.number)).size).toBe(1);
      expect(all.map((digest) => digest?.entries.length)).toEqual([8, 8, 8]);
    });

    it("expire with what is in them", async () => {
      const { sink, digests, clock } = start();
      await digests.hold(sink, "a", firing("of a"));
      clock.advance(14 * 24 * 3600 * 1000);
      expect(await digests.due(sink)).toBeUndefined();
      await digests.hold(sink, "a", firing("of a, again"));
      expect((await digests.due(sink))?.entries).toHaveLength(1);
    });
  });
}
