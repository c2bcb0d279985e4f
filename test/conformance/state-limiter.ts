import { describe, expect, it } from "vitest";
import { createRateLimiters } from "../../src/state/rate-limiter.ts";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

export function limiterConformance(bench: Bench): void {
  const start = () => {
    const { table, clock } = bench.process();
    const limiters = createRateLimiters({ table, clock });
    const cluster = bench.unique();
    const attempt = (call: string, { resumed = false, of = cluster } = {}) =>
      limiters.for({ cluster: of, call, resumed });
    return { table, clock, attempt };
  };

  describe("the rate limiter", () => {
    it("allows once in a period, counted from the last time it allowed", async () => {
      const { clock, attempt } = start();
      const begin = clock.now();
      const allowed: number[] = [];
      for (const second of [0, 1, 59, 60, 61, 119, 120, 121]) {
        clock.advance(begin + second * 1000 - clock.now());
        if (await attempt(`run-${second}/p/0/a`).markAndTest("op", "id", 60)) allowed.push(second);
      }
      expect(allowed).toEqual([0, 60, 120]);
    });

    it("says until when it refuses, whether it remembers or has to ask", async () => {
      const { clock, attempt } = start();
      const begin = clock.now();
      const ask = (call: string, seconds: number, resumed = false) =>
        attempt(call, { resumed }).ask("op", "id", seconds);
      expect(await ask("run-1/p/0/a", 60)).toEqual({ allowed: true });
      clock.advance(1_000);
      expect(await ask("run-2/p/0/a", 60)).toEqual({ allowed: false, until: begin + 60_000 });
      expect(await ask("run-3/p/0/a", 90)).toEqual({ allowed: false, until: begin + 90_000 });
      expect(await ask("run-2/p/0/a", 60, true)).toEqual({ allowed: false, until: begin + 60_000 });
    });

    it("allows one of 100 at once", async () => {
      const { attempt } = start();
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, index) => attempt(`run-${index}/p/0/a`).markAndTest("op", "id", 60)),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    it("gives a second attempt of a run the answers of the first, and a second call in it its own", async () => {
      const { attempt } = start();
      const calls = async (limiter: ReturnType<typeof attempt>) => [
        await limiter.markAndTest("op", "id", 60),
        await limiter.markAndTest("op", "id", 60),
        await limiter.markAndTest("op", "other", 60),
      ];
      expect(await calls(attempt("run/p/0/a"))).toEqual([true, false, true]);
      expect(await calls(attempt("run/p/0/a", { resumed: true }))).toEqual([true, false, true]);
      expect(await calls(attempt("another/p/0/a"))).toEqual([false, false, false]);
      expect(await calls(attempt("run/p/1/a"))).toEqual([false, false, false]);
    });

    it("keeps operation and id apart, and clusters, unless the limit is global", async () => {
      const { attempt } = start();
      const limiter = attempt("run/p/0/a");
      const elsewhere = attempt("run-2/p/0/a", { of: bench.unique() });
      expect(await limiter.markAndTest("a", "bc", 60)).toBe(true);
      expect(await limiter.markAndTest("ab", "c", 60)).toBe(true);
      expect(await elsewhere.markAndTest("a", "bc", 60)).toBe(true);
      const everywhere = { scope: "global" } as const;
      const id = bench.unique();
      expect(await limiter.markAndTest("a", id, 60, everywhere)).toBe(true);
      expect(await elsewhere.markAndTest("a", id, 60, everywhere)).toBe(false);
    });

    it("answers two callers with different periods each by its own", async () => {
      const { clock, attempt } = start();
      expect(await attempt("1").markAndTest("op", "id", 60)).toBe(true);
      clock.advance(61_000);
      expect(await attempt("2").markAndTest("op", "id", 3600)).toBe(false);
      expect(await attempt("3").markAndTest("op", "id", 60)).toBe(true);
    });

    it("gives a mark back to the run that set it, and to no other", async () => {
      const { attempt } = start();
      const limiter = attempt("run/p/0/a");
      expect(await limiter.markAndTest("op", "id", 60)).toBe(true);
      await attempt("another/p/0/a").refund("op", "id");
      expect(await attempt("third/p/0/a").markAndTest("op", "id", 60)).toBe(false);
      await limiter.refund("op", "id");
      expect(await limiter.markAndTest("op", "id", 60)).toBe(true);
      const again = attempt("run/p/0/a", { resumed: true });
      expect(await again.markAndTest("op", "id", 60)).toBe(true);
    });

    it("asks the table once in half a minute while it refuses, and always for a resumed run", async () => {
      const { table, clock, attempt } = start();
      const other = start();
      await attempt("run/p/0/a").markAndTest("op", "id", 3600);
      const before = table.requests();
      for (let call = 0; call < 50; call += 1) await attempt(`other-${call}/p/0/a`).markAndTest("op", "id", 3600);
      expect(table.requests()).toBe(before);
      await attempt("resumed/p/0/a", { resumed: true }).markAndTest("op", "id", 3600);
      const asked = table.requests();
      expect(asked).toBeGreaterThan(before);
      for (let call = 0; call < 50; call += 1) await attempt(`more-${call}/p/0/a`).markAndTest("op", "id", 3600);
      expect(table.requests()).toBe(asked);
      clock.advance(30_000);
      await attempt("later/p/0/a").markAndTest("op", "id", 3600);
      expect(table.requests()).toBeGreaterThan(asked);
      expect(other.table.requests()).toBe(0);
    });

    it("never refuses from memory what the table would allow", async () => {
      const { clock, attempt } = start();
      await attempt("1").markAndTest("op", "id", 5);
      clock.advance(4000);
      expect(await attempt("2").markAndTest("op", "id", 5)).toBe(false);
      clock.advance(1000);
      expect(await attempt("3").markAndTest("op", "id", 5)).toBe(true);
    });

    it("does in an outage what the caller chose", async () => {
      const proxy = await startLossyProxy(bench.upstream());
      proxy.refuse(true);
      const limiters = createRateLimiters({ table: bench.at(proxy.endpoint) });
      const limiter = limiters.for({ cluster: "c", call: "run/p/0/a", resumed: false });
      expect(await limiter.markAndTest("op", "id", 60, { onOutage: "allow" })).toBe(true);
      expect(await limiter.markAndTest("op", "id", 60, { onOutage: "deny" })).toBe(false);
      await expect(limiter.markAndTest("op", "id", 60)).rejects.toMatchObject({ name: "UnavailableError" });
      await proxy.close();
    });

    it("refuses a period that is none", async () => {
      await expect(start().attempt("run").markAndTest("op", "id", Number.NaN)).rejects.toThrow("not NaN");
    });
  });
}
