/** What the fake rate limiter answers must be what the real one does. */
import { describe, expect, it } from "vitest";
import { action, ExecutionBaseEvent, markdown } from "../../src/index.ts";
import { alertEvent, fakeRateLimiters, runAction } from "../../src/testing.ts";

describe("the fake rate limiter", () => {
  const at = (start = 0) => {
    const clock = { now: start };
    const limiters = fakeRateLimiters({ now: () => clock.now });
    const of = (call: string, cluster = "test") => limiters.for({ cluster, call, resumed: false });
    return { clock, limiters, of };
  };

  it("says yes once in the time, counted from the last yes", async () => {
    const { clock, of } = at();
    const answers: boolean[] = [];
    for (const [run, now] of [0, 59_999, 60_000, 119_999, 120_000].entries()) {
      clock.now = now;
      answers.push(await of(`run-${run}`).markAndTest("sync", "shop", 60));
    }
    expect(answers).toEqual([true, false, true, false, true]);
  });

  it("answers a second attempt as the first, and a second call in an attempt on its own", async () => {
    const { of } = at();
    const first = of("run");
    expect([await first.markAndTest("a", "b", 60), await first.markAndTest("a", "b", 60)]).toEqual([true, false]);
    const second = of("run");
    expect([await second.markAndTest("a", "b", 60), await second.markAndTest("a", "b", 60)]).toEqual([true, false]);
    expect(await of("other").markAndTest("a", "b", 60)).toBe(false);
  });

  it("keeps operations, ids and clusters apart, unless it is asked for all clusters", async () => {
    const { of } = at();
    expect(await of("1").markAndTest("a", "bc", 60)).toBe(true);
    expect(await of("2").markAndTest("ab", "c", 60)).toBe(true);
    expect(await of("3", "east").markAndTest("a", "bc", 60)).toBe(true);
    expect(await of("4").markAndTest("a", "bc", 60, { scope: "global" })).toBe(true);
    expect(await of("5", "east").markAndTest("a", "bc", 60, { scope: "global" })).toBe(false);
  });

  it("takes back its own marks only", async () => {
    const { of } = at();
    const owner = of("1");
    await owner.markAndTest("a", "b", 60);
    await of("2").refund("a", "b");
    expect(await of("3").markAndTest("a", "b", 60)).toBe(false);
    await owner.refund("a", "b");
    expect(await of("4").markAndTest("a", "b", 60)).toBe(true);
  });

  it("asks the caller what an outage means, and refuses times that are none", async () => {
    const limiter = fakeRateLimiters({ away: () => true }).for({ cluster: "test", call: "1", resumed: false });
    await expect(limiter.markAndTest("a", "b", 60)).rejects.toMatchObject({ name: "UnavailableError" });
    expect(await limiter.markAndTest("a", "b", 60, { onOutage: "allow" })).toBe(true);
    expect(await limiter.markAndTest("a", "b", 60, { onOutage: "deny" })).toBe(false);
    for (const seconds of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(limiter.markAndTest("a", "b", seconds)).rejects.toThrow(TypeError);
    }
  });

  it("counts across runs that share it", async () => {
    const rateLimiters = fakeRateLimiters();
    const limited = action({
      name: "limited",
      on: ExecutionBaseEvent,
      async run(event, _params, { rateLimiter }) {
        if (await rateLimiter.markAndTest("a", "b", 60)) event.addEnrichment([markdown("went on")]);
      },
    });
    const run = async (options = {}) =>
      (await runAction(limited, alertEvent(), {}, { rateLimiters, ...options })).blocks.length;
    expect([await run({ run: "r" }), await run(), await run({ run: "r" })]).toEqual([1, 0, 1]);
    expect(rateLimiters.asked.map(({ allowed }) => allowed)).toEqual([true, false, true]);
  });
});
