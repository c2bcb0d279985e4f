import { describe, expect, it } from "vitest";
import { createGroups } from "../../src/state/groups.ts";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

const QUARTER = { first: 2, seconds: 900 };

export function groupsConformance(bench: Bench): void {
  const start = () => {
    const { table, clock } = bench.process();
    return { clock, table, group: [bench.unique(), "namespace shop"], groups: createGroups({ table, clock }) };
  };

  describe("groups", () => {
    it("have a number of first messages, whose answer stays", async () => {
      const { group, groups } = start();
      const asked = ["a", "b", "c", "d", "b", "a", "c"];
      const answers: boolean[] = [];
      for (const message of asked) answers.push(await groups.isAmongFirst(group, message, QUARTER));
      expect(answers).toEqual([true, true, false, false, true, true, false]);
    });

    it("begin anew when the interval is over, which began with the first message", async () => {
      const { group, groups, clock } = start();
      const answers: boolean[] = [];
      for (const [minutes, message] of [
        [0, "a"],
        [10, "b"],
        [4.99, "c"],
        [0.01, "d"],
        [0, "e"],
        [0, "f"],
        [15, "g"],
      ] as const) {
        clock.advance(minutes * 60_000);
        answers.push(await groups.isAmongFirst(group, message, QUARTER));
      }
      expect(answers).toEqual([true, true, false, true, true, false, true]);
    });

    it("count a message once, and answer the same, also when it is asked about in another interval", async () => {
      const { group, groups, clock } = start();
      const ask = (message: string) => groups.isAmongFirst(group, message, QUARTER);
      for (const message of ["a", "b", "c"]) await ask(message);
      clock.advance(900_000);
      expect(await ask("a")).toBe(true);
      expect(await ask("c")).toBe(false);
      const answers = [await ask("d"), await ask("e"), await ask("f"), await ask("b")];
      expect(answers).toEqual([true, true, false, true]);
      clock.advance(900_000);
      expect([await ask("g"), await ask("f"), await ask("h"), await ask("i")]).toEqual([true, false, true, false]);
    });

    it("count once a message whose counting was begun by one who died", async () => {
      const { group, groups, table, clock } = start();
      const dying = (after: number): typeof table => {
        let updates = 0;
        return {
          ...table,
          async update(...request) {
            updates += 1;
            if (updates > after) throw new Error("it died");
            return table.update(...request);
          },
        };
      };
      for (const after of [0, 1]) {
        const asked = createGroups({ table: dying(after), clock }).isAmongFirst(group, "a", QUARTER);
        await expect(asked).rejects.toThrow("it died");
      }
      expect(await groups.isAmongFirst(group, "a", QUARTER)).toBe(true);
      expect(await groups.isAmongFirst(group, "b", QUARTER)).toBe(true);
      expect(await groups.isAmongFirst(group, "c", QUARTER)).toBe(false);
    });

    it("count for themselves", async () => {
      const { group, groups } = start();
      const one = { first: 1, seconds: 900 };
      expect(await groups.isAmongFirst(group, "a", one)).toBe(true);
      expect(await groups.isAmongFirst([...group, "other"], "b", one)).toBe(true);
      expect(await groups.isAmongFirst(group, "c", one)).toBe(false);
    });

    it("are shared: of many at once so many are the first, whoever asks, and a new process knows them", async () => {
      const { group } = start();
      const processes = [start(), start(), start()].map(({ groups }) => groups);
      const five = { first: 5, seconds: 900 };
      const ask = (index: number) => processes[index % 3]?.isAmongFirst(group, `message ${index}`, five);
      const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)));
      expect(answers.filter(Boolean)).toHaveLength(5);
      const again = await Promise.all(
        answers.map((_, index) => start().groups.isAmongFirst(group, `message ${index}`, five)),
      );
      expect(again).toEqual(answers);
    });

    it("keep a message in the interval in which it joined, also when it resolves in another", async () => {
      const { group, groups, clock } = start();
      const [sink = ""] = group;
      const join = (message: string) => groups.join(group, message, { seconds: 900, entry: `entry of ${message}` });
      const first = await join("a");
      clock.advance(899_999);
      expect(await join("b")).toEqual(first);
      clock.advance(1);
      expect(await join("c")).toEqual({ group, interval: first.interval + 900_000 });
      expect(await join("a")).toEqual(first);
      expect(await groups.membership(sink, "b")).toEqual(first);
      expect(await groups.membership("another", "b")).toBeUndefined();
      await groups.resolve(first, "b");
      await join("b");
      expect(await groups.members(first)).toEqual([
        { entry: "entry of a", resolved: false },
        { entry: "entry of b", resolved: true },
      ]);
    });

    it("have one interval, whoever begins it, and one entry for each message", async () => {
      const { group } = start();
      const processes = [start(), start(), start()].map(({ groups }) => groups);
      const join = (index: number) => processes[index % 3]?.join(group, `m${index % 6}`, { seconds: 900, entry: "e" });
      const joined = await Promise.all(Array.from({ length: 12 }, (_, index) => join(index)));
      const [first] = joined;
      expect(new Set(joined.map((membership) => membership?.interval)).size).toBe(1);
      expect(first && (await processes[0]?.members(first))).toHaveLength(6);
    });

    it("count once where the answer is lost", async () => {
      const { group, groups, clock } = start();
      const proxy = await startLossyProxy(bench.upstream());
      const table = bench.at(proxy.endpoint);
      const losing: typeof table = {
        ...table,
        update(...request) {
          proxy.loseNextAnswer();
          return table.update(...request);
        },
      };
      expect(await createGroups({ table: losing, clock }).isAmongFirst(group, "a", QUARTER)).toBe(true);
      expect(proxy.lost()).toBe(2);
      expect(await groups.isAmongFirst(group, "b", QUARTER)).toBe(true);
      expect(await groups.isAmongFirst(group, "c", QUARTER)).toBe(false);
      await proxy.close();
    });
  });
}
