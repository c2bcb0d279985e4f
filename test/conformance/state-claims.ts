import { describe, expect, it } from "vitest";
import { createClaims } from "../../src/state/claims.ts";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

export function claimsConformance(bench: Bench): void {
  const start = () => {
    const { table, clock } = bench.process();
    return { claims: createClaims({ table, clock }), clock, name: ["nonce", bench.unique()] };
  };

  describe("claims", () => {
    it("are had by the first; others are told its value", async () => {
      const { claims, name } = start();
      expect(await claims.claim(name, "first", 60)).toBeUndefined();
      expect(await claims.claim(name, "second", 60)).toBe("first");
    });

    it("of many at once are had by one", async () => {
      const { claims, name } = start();
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => claims.claim(name, `${index}`, 60)));
      const winners = answers.flatMap((answer, index) => (answer === undefined ? [`${index}`] : []));
      expect(winners).toHaveLength(1);
      expect(new Set(answers)).toEqual(new Set([undefined, ...winners]));
    });

    it("are free again when their time is over, though the table keeps them longer", async () => {
      const { claims, clock, name } = start();
      await claims.claim(name, "first", 60);
      clock.advance(59_000);
      expect(await claims.claim(name, "second", 60)).toBe("first");
      clock.advance(2_000);
      expect(await claims.claim(name, "third", 60)).toBeUndefined();
    });

    it("of other names are others, however the names are put together", async () => {
      const { claims, name } = start();
      await claims.claim([...name, "a", "bc"], "first", 60);
      expect(await claims.claim([...name, "ab", "c"], "second", 60)).toBeUndefined();
    });

    it("are not lost to oneself where the answer was lost", async () => {
      const { name } = start();
      const proxy = await startLossyProxy(bench.upstream());
      try {
        const claims = createClaims({ table: bench.at(proxy.endpoint) });
        proxy.loseNextAnswer();
        expect(await claims.claim(name, "mine", 60)).toBeUndefined();
      } finally {
        await proxy.close();
      }
    });
  });
}
