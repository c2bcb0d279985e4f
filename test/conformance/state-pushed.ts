import { describe, expect, it } from "vitest";
import { createPushedRepositories } from "../../src/state/pushed.ts";
import type { PushedVersion } from "../../src/state/state.ts";
import type { Table } from "../../src/state/table.ts";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

const version = (number: number): PushedVersion => ({
  sha256: `${number}`.padStart(64, "0"),
  bytes: 1_000 + number,
  apiVersion: 1,
  packageVersion: `0.${number}.0`,
  pushedAt: 1_767_225_600_000 + number,
  by: "somebody",
});

export function pushedConformance(bench: Bench): void {
  const start = () => ({ pushed: createPushedRepositories(bench.process()), name: bench.unique() });

  describe("pushed repositories", () => {
    it("are at the version that was moved to, and know those before it", async () => {
      const { pushed, name } = start();
      expect(await pushed.get(name)).toBeUndefined();
      expect(await pushed.move(name, 0, version(1))).toBe("moved");
      expect(await pushed.move(name, 1, version(2))).toBe("moved");
      const there = { name, revision: 2, live: version(2), history: [version(1)] };
      expect(await pushed.get(name)).toEqual(there);
      expect(await pushed.list()).toContainEqual(there);
    });

    it.each([
      ["that was never pushed", 1, 0],
      ["that was pushed meanwhile", 0, 1],
      ["that is behind", 1, 2],
      ["that is ahead", 3, 2],
    ])("do not move from a revision %s", async (_, expected, moves) => {
      const { pushed, name } = start();
      for (let revision = 0; revision < moves; revision += 1) await pushed.move(name, revision, version(revision));
      const before = await pushed.get(name);
      expect(await pushed.move(name, expected, version(9))).toBe("conflict");
      expect(await pushed.get(name)).toEqual(before);
    });

    it("are moved by one of many that try at once", async () => {
      const { pushed, name } = start();
      const moves = Array.from({ length: 20 }, (_, number) => pushed.move(name, 0, version(number)));
      const answers = await Promise.all(moves);
      const winners = answers.flatMap((answer, number) => (answer === "moved" ? [number] : []));
      expect(winners).toHaveLength(1);
      expect((await pushed.get(name))?.live).toEqual(version(winners[0] ?? -1));
    });

    it("that are deleted are not live, keep their history, and never come to a revision again", async () => {
      const { pushed, name } = start();
      await pushed.move(name, 0, version(1));
      expect(await pushed.move(name, 1, undefined)).toBe("moved");
      expect(await pushed.get(name)).toEqual({ name, revision: 2, live: undefined, history: [version(1)] });
      expect((await pushed.list()).map((one) => one.name)).not.toContain(name);
      expect(await pushed.move(name, 0, version(2))).toBe("conflict");
      expect(await pushed.move(name, 2, version(2))).toBe("moved");
      expect(await pushed.get(name)).toMatchObject({ revision: 3, live: version(2), history: [version(1)] });
    });

    it("know the last twenty versions", async () => {
      const { pushed, name } = start();
      for (let revision = 0; revision < 23; revision += 1) await pushed.move(name, revision, version(revision));
      const history = (await pushed.get(name))?.history.map(({ pushedAt }) => pushedAt - 1_767_225_600_000);
      expect(history).toEqual(Array.from({ length: 20 }, (_, back) => 21 - back));
    });

    it("may be called whatever a package is called", async () => {
      const { pushed, name } = start();
      const names = [`@scope/${name}`, `${name}#1`, `${name} ☕`];
      for (const one of names) await pushed.move(one, 0, version(1));
      const listed = (await pushed.list()).map((one) => one.name);
      expect(listed.filter((one) => names.includes(one)).sort()).toEqual([...names].sort());
    });

    it("are moved where the answer was lost", async () => {
      const { name } = start();
      const proxy = await startLossyProxy(bench.upstream());
      try {
        const table = bench.at(proxy.endpoint);
        const put: Table["put"] = (...request) => {
          proxy.loseNextAnswer();
          return table.put(...request);
        };
        const pushed = createPushedRepositories({ table: { ...table, put } });
        expect(await pushed.move(name, 0, version(1))).toBe("moved");
        expect(proxy.lost()).toBe(1);
        expect(await pushed.get(name)).toMatchObject({ revision: 1 });
      } finally {
        await proxy.close();
      }
    });
  });
}
