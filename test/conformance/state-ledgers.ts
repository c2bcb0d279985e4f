import { describe, expect, it } from "vitest";
import { LEDGER_TIMINGS } from "../../src/state/ledger-timings.ts";
import { createLedgers } from "../../src/state/ledgers.ts";
import type { Lease, Ledgers } from "../../src/state/state.ts";
import { startLossyProxy } from "../helpers/lossy-proxy.ts";
import type { Bench } from "./state.ts";

const FACTS = { status: "firing", startsAt: 1, acceptedAt: 2 };
const FIRST = { id: "first", facts: FACTS };
const { lease: LEASE, takeOverAfter: TAKE_OVER, renewEvery: RENEW } = LEDGER_TIMINGS;

export function ledgersConformance(bench: Bench): void {
  const worker = ({ skew = 0 } = {}) => {
    const { table, clock } = bench.process({ skew });
    return { table, clock, ledgers: createLedgers({ table, clock }) };
  };
  const newKey = () => ({ cluster: bench.unique(), key: "alert#00000000000000aa" });

  describe("ledgers", () => {
    it("give the lease to one of 200 who take it at once", async () => {
      const key = newKey();
      const { ledgers } = worker();
      const taken = await Promise.all(
        Array.from({ length: 200 }, (_, index) => ledgers.take(key, { id: `delivery-${index}`, facts: FACTS })),
      );
      const winners = taken.filter((lease) => lease !== "busy");
      expect(winners).toHaveLength(1);
      await winners[0]?.release();
    });

    it("return what the last one wrote, and nothing of a delivery that ended", async () => {
      const key = newKey();
      const { ledgers, clock } = worker();
      const first = held(await ledgers.take<{ count: number }>(key, FIRST));
      expect(first).toMatchObject({
        state: undefined,
        fence: 1,
        slot: { delivery: "first", attempts: 1, facts: FACTS },
      });
      await first.end({ state: { count: 1 }, expiresAt: clock.now() + 1000, slots: ["first"] });
      const second = held(await ledgers.take<{ count: number }>(key, { id: "second", facts: FACTS }));
      expect(second).toMatchObject({ state: { count: 1 }, fence: 2, slots: [{ delivery: "second" }] });
      await second.release({ forget: true });
      expect(await ledgers.read([key, newKey()])).toEqual([
        { state: { count: 1 }, slots: [] },
        { state: undefined, slots: [] },
      ]);
    });

    it("are taken over when the lease and a margin for clocks are past, with the same run and a second attempt", async () => {
      const key = newKey();
      const dead = worker();
      const first = held(await dead.ledgers.take(key, FIRST));
      const next = worker();
      next.clock.advance(LEASE + TAKE_OVER);
      expect(await next.ledgers.take(key, FIRST)).toBe("busy");
      next.clock.advance(1);
      const second = held(await next.ledgers.take(key, FIRST));
      expect(second.slot).toEqual({ ...first.slot, attempts: 2 });
      expect(second.fence).toBe(2);
      await expect(first.end({ state: {}, expiresAt: 1, slots: ["first"] })).rejects.toMatchObject({
        name: "LeaseLostError",
      });
      await first.release();
      expect(await next.ledgers.take(key, FIRST)).toBe("busy");
      await second.release();
    });

    it("are not taken over early by one whose clock is 5 s ahead", async () => {
      const key = newKey();
      const holder = worker();
      const lease = held(await holder.ledgers.take(key, FIRST));
      const ahead = worker({ skew: 5000 });
      ahead.clock.advance(LEASE);
      expect(await ahead.ledgers.take(key, FIRST)).toBe("busy");
      await lease.release();
    });

    it("are won by their own second request when the answer to the first was lost", async () => {
      const key = newKey();
      const proxy = await startLossyProxy(bench.upstream());
      const ledgers = createLedgers({ table: bench.at(proxy.endpoint) });
      proxy.loseNextAnswer();
      const lease = held(await ledgers.take(key, FIRST));
      expect(proxy.lost()).toBe(1);
      expect(lease.slot.delivery).toBe("first");
      await lease.release();
      await proxy.close();
    });

    it("are known to have ended when the answer to the end was lost", async () => {
      const key = newKey();
      const proxy = await startLossyProxy(bench.upstream());
      const ledgers = createLedgers({ table: bench.at(proxy.endpoint) });
      const lease = held(await ledgers.take(key, FIRST));
      proxy.loseNextAnswer();
      await lease.end({ state: { done: true }, expiresAt: Date.now() + 1e9, slots: ["first"] });
      expect(proxy.lost()).toBe(1);
      expect(await worker().ledgers.read([key])).toMatchObject([{ state: { done: true }, slots: [] }]);
      await proxy.close();
    });

    it("forget a state whose time is past, though its item is still there, and go on counting fences", async () => {
      const key = newKey();
      const { ledgers, clock } = worker();
      const first = held(await ledgers.take(key, FIRST));
      await first.end({ state: { old: true }, expiresAt: clock.now() + 60_000, slots: ["first"] });
      clock.advance(60_000);
      expect(await ledgers.read([key])).toEqual([{ state: undefined, slots: [] }]);
      const second = held(await ledgers.take(key, { id: "second", facts: FACTS }));
      expect(second).toMatchObject({ state: undefined, fence: 2 });
      await second.release();
      expect(await ledgers.read([key])).toMatchObject([{ state: undefined, slots: [{ delivery: "second" }] }]);
    });

    it("forget deliveries that were begun a week ago and never ended", async () => {
      const key = newKey();
      const { ledgers, clock } = worker();
      await held(await ledgers.take(key, FIRST)).release();
      clock.advance(6 * DAY);
      const second = held(await ledgers.take(key, { id: "second", facts: FACTS }));
      expect(second.slots.map(({ delivery }) => delivery).sort()).toEqual(["first", "second"]);
      await second.release();
      clock.advance(1 * DAY);
      const third = held(await ledgers.take(key, { id: "third", facts: FACTS }));
      expect(third.slots.map(({ delivery }) => delivery).sort()).toEqual(["second", "third"]);
      await third.end({ state: {}, expiresAt: clock.now() + 1000, slots: ["third"] });
      expect(await ledgers.read([key])).toMatchObject([{ slots: [{ delivery: "second" }] }]);
    });

    it("end the slots of copies together with the delivery's own", async () => {
      const key = newKey();
      const { ledgers, clock } = worker();
      await held(await ledgers.take(key, FIRST)).release();
      const copy = held(await ledgers.take(key, { id: "copy", facts: FACTS }));
      await copy.end({ state: {}, expiresAt: clock.now() + 1000, slots: ["copy", "first"] });
      expect(await ledgers.read([key])).toEqual([{ state: {}, slots: [] }]);
    });

    it("renew their lease every ten seconds, for as long as it is held", async () => {
      const key = newKey();
      const { ledgers, clock, table } = worker();
      const lease = held(await ledgers.take(key, FIRST));
      const other = worker();
      for (let renewals = 1; renewals <= 5; renewals += 1) {
        const requests = table.requests();
        clock.advance(RENEW);
        other.clock.advance(RENEW);
        await expect.poll(() => clock.waiting()).toBe(2);
        expect(table.requests()).toBe(requests + 1);
        expect(await other.ledgers.take(key, { id: "other", facts: FACTS })).toBe("busy");
      }
      expect(lease.lost.aborted).toBe(false);
      await lease.release();
      expect(clock.waiting()).toBe(0);
    });

    it("tell the holder that another has the lease", async () => {
      const key = newKey();
      const { ledgers, clock } = worker();
      const lease = held(await ledgers.take(key, FIRST));
      const other = worker();
      other.clock.advance(LEASE + TAKE_OVER + 1);
      const taken = held(await other.ledgers.take(key, FIRST));
      clock.advance(RENEW);
      await expect.poll(() => lease.lost.aborted).toBe(true);
      expect(lease.lost.reason).toMatchObject({ name: "LeaseLostError" });
      await taken.release();
    });

    it("count as lost 5 s before their end when no renewal comes through, and not before", async () => {
      const key = newKey();
      const proxy = await startLossyProxy(bench.upstream());
      const { clock } = bench.process();
      const ledgers = createLedgers({ table: bench.at(proxy.endpoint), clock });
      const lease = held(await ledgers.take(key, FIRST));
      proxy.refuse(true);
      clock.advance(LEASE - 5001);
      expect(lease.lost.aborted).toBe(false);
      clock.advance(1);
      expect(lease.lost.aborted).toBe(true);
      await proxy.close();
    });

    it("pass a wish to cancel on to the holder with the next renewal, and not to the next holder", async () => {
      const key = newKey();
      const { ledgers, clock } = worker();
      expect(await ledgers.requestCancel(key)).toBe(false);
      const lease = held(await ledgers.take(key, FIRST));
      expect(await worker().ledgers.requestCancel(key)).toBe(true);
      expect(lease.cancelled.aborted).toBe(false);
      clock.advance(RENEW);
      await expect.poll(() => lease.cancelled.aborted).toBe(true);
      expect(lease.lost.aborted).toBe(false);
      await lease.release();
      expect(await ledgers.requestCancel(key)).toBe(false);
    });

    it("keep keys apart whatever is in their names", async () => {
      const cluster = bench.unique();
      const { ledgers } = worker();
      const keys = [
        { cluster: `${cluster}#alert`, key: "alert#a" },
        { cluster, key: "alert#alert#a" },
        { cluster, key: "alert#a" },
        { cluster, key: "object#a" },
      ];
      const leases = await Promise.all(keys.map((key) => ledgers.take(key, FIRST)));
      expect(leases.filter((lease) => lease === "busy")).toEqual([]);
      await Promise.all(leases.map((lease) => held(lease).release()));
    });
  });
}

const DAY = 24 * 3600 * 1000;

function held<State>(lease: Awaited<ReturnType<Ledgers["take"]>> | Lease<State>): Lease<State> {
  if (lease === "busy") throw new Error("The key is busy.");
  return lease as Lease<State>;
}
