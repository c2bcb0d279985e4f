import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import type { AlertState } from "../../src/state/alert-episode.ts";
import { afterAlert, decideAlert } from "../../src/state/decide-alert.ts";
import { openState } from "../../src/state/open.ts";
import type { StoredRun } from "../../src/state/runs.ts";
import type { Bench } from "./state.ts";

export function costsConformance(bench: Bench): void {
  describe("what a listing of runs costs", () => {
    const day = 24 * 3600 * 1000;
    it.each([
      ["nothing but a look where there are none", 0, 1],
      ["the shards of a day where there is one run", 1, 5],
      ["those of three days where there are three", 3, 13],
    ])("is %s", async (_, days, requests) => {
      const { table, clock } = bench.process();
      // Years after the other tests' records, each time other ones.
      clock.advance((2000 + 500 * days) * day);
      const { runs } = openState<StoredRun, string>({ table, clock });
      for (let count = 0; count < days; count += 1) {
        await runs.put({ id: ulid(clock.now()), playbook: "a", fence: 1 });
        clock.advance(2 * day);
      }
      const before = table.requests();
      expect(await runs.list({ limit: 50 })).toHaveLength(days);
      expect(table.requests() - before).toBe(requests);
    });
  });

  describe("what an alert costs", () => {
    it("is five requests when it is new and has one message, and a hundredth of one when it is not", async () => {
      const { table, clock } = bench.process();
      const state = openState<StoredRun, string>({ table, clock });
      // A process notes a day that has runs with the first of them.
      await state.runs.put({ id: ulid(clock.now()), playbook: "before", fence: 1 });
      const before = state.requests();
      const key = { cluster: bench.unique(), key: "alert#a" };
      const facts = { status: "firing" as const, startsAt: clock.now() - 1000, acceptedAt: clock.now() };

      const lease = await state.ledgers.take<AlertState>(key, { id: "d", facts });
      if (lease === "busy") throw new Error("The key is busy.");
      const decision = decideAlert(lease, { id: "d", facts }, clock.now());
      const { run } = lease.slot;
      const message = { ...key, episode: run, sink: "slack", part: "default" };
      await state.messages.reserve(message, run);
      await state.messages.posted(message, run, { channel: "C1", ts: "1" });
      await state.runs.put({ id: run, playbook: "my playbook", fence: lease.fence });
      const outcome = afterAlert(lease, { id: "d", facts }, decision, { run, now: clock.now() });
      if (outcome !== undefined) await lease.end(outcome);
      expect(state.requests() - before).toBe(5);

      const others = Array.from({ length: 99 }, () => ({ cluster: key.cluster, key: `alert#${ulid()}` }));
      const [view] = await state.ledgers.read<AlertState>([key, ...others]);
      if (view === undefined) throw new Error("Nothing was read.");
      expect(decideAlert(view, { id: "e", facts }, clock.now())).toMatchObject({ do: "same", refresh: false });
      expect(state.requests() - before).toBe(6);
    });
  });
}
