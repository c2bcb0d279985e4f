import { describe, expect, it } from "vitest";
import type { Matched } from "../../src/playbooks/match.ts";
import { openTurns, repeatingOf, type Turn } from "../../src/playbooks/turns.ts";
import { fakeRateLimiters } from "../../src/testing/rate-limiter.ts";
import { alertEvent } from "../../src/testing.ts";

const HOUR = 3_600_000;
const { delivery } = alertEvent();

const matched = (id: string, hours?: number): Matched => ({
  playbook: { id, name: id, at: "cortado.yaml:1", triggers: [], steps: [], stop: false },
  changes: [],
  ...(hours === undefined ? {} : { repeatSeconds: hours * 3_600 }),
});
const playbooks = [matched("once"), matched("hourly", 1), matched("daily", 24)];
const again = ["hourly", "daily"];

/** An alert, and a clock that is moved by hours. */
function alert() {
  let now = Date.UTC(2026, 0, 1);
  let runs = 0;
  const limiters = fakeRateLimiters({ now: () => now });
  const turn = async (more: Partial<Turn>, concerned = playbooks) => {
    const whole: Turn = { delivery, run: `run ${++runs}`, attempt: 1, episode: "E", late: false, again, ...more };
    const turns = openTurns(whole, limiters);
    const asked = concerned.map(async ({ playbook, repeatSeconds }) => ({
      playbook: playbook.name,
      reason: await turns.mayBegin(playbook, "on_prometheus_alert", {
        fires: true,
        ...(repeatSeconds === undefined ? {} : { repeatSeconds }),
      }),
    }));
    const all = await Promise.all(asked);
    return {
      ran: all.flatMap(({ playbook, reason }) => (reason === undefined ? [playbook] : [])),
      others: all.filter(({ reason }) => reason !== undefined),
    };
  };
  return {
    begins: (more: Partial<Turn> = {}, concerned = playbooks) => turn({ again: undefined, ...more }, concerned),
    firesOn: turn,
    pass: (hours: number) => {
      now += hours * HOUR;
    },
  };
}

describe("playbooks take their turns", () => {
  it("all of them when the alert begins, in order", async () => {
    expect(await alert().begins()).toEqual({ ran: ["once", "hourly", "daily"], others: [] });
  });

  it("each again when its time has passed since it last began", async () => {
    const { begins, firesOn, pass } = alert();
    await begins();
    const turns: string[][] = [];
    for (const hours of [0.9, 0.1, 0.5, 0.5, 22, 1]) {
      pass(hours);
      turns.push((await firesOn({})).ran);
    }
    expect(turns).toEqual([[], ["hourly"], [], ["hourly"], ["hourly", "daily"], ["hourly"]]);
  });

  it("with the reason where it is not its turn", async () => {
    const { begins, firesOn } = alert();
    await begins();
    expect((await firesOn({})).others).toEqual([
      { playbook: "once", reason: "the alert fires on, and it is not one of those that run again" },
      { playbook: "hourly", reason: "the alert fires on, and it ran less than 3600 s ago" },
      { playbook: "daily", reason: "the alert fires on, and it ran less than 86400 s ago" },
    ]);
  });

  it("once for two reports of one moment", async () => {
    const { begins, firesOn, pass } = alert();
    await begins();
    pass(1);
    const turns = await Promise.all([firesOn({ run: "one" }), firesOn({ run: "other" })]);
    expect(turns.map(({ ran }) => ran).sort()).toEqual([[], ["hourly"]]);
  });

  it("the same ones in a second attempt, of a first run and of a repeat", async () => {
    const { begins, firesOn, pass } = alert();
    await begins({ run: "first" });
    expect((await begins({ run: "first", attempt: 2 })).ran).toEqual(["once", "hourly", "daily"]);
    pass(1);
    await firesOn({ run: "second" });
    expect((await firesOn({ run: "second", attempt: 2 })).ran).toEqual(["hourly"]);
  });

  it("never first in an episode that began without them", async () => {
    const { begins, firesOn, pass } = alert();
    await begins({}, [matched("hourly", 1)]);
    pass(24);
    const { ran } = await firesOn({ again: ["hourly"] }, [matched("new", 1), matched("hourly", 1)]);
    expect(ran).toEqual(["hourly"]);
  });

  it("no more once the configuration says so", async () => {
    const { begins, firesOn, pass } = alert();
    await begins();
    pass(24);
    expect((await firesOn({}, [matched("hourly"), matched("daily", 24)])).ran).toEqual(["daily"]);
  });

  it("at once in an episode of its own", async () => {
    const { begins } = alert();
    await begins();
    expect((await begins({ episode: "F" })).ran).toEqual(["once", "hourly", "daily"]);
  });
});

describe("a trigger's rate limit", () => {
  const limit = { of: "deployment shop/web", seconds: 3_600 };
  const open = () => {
    let now = Date.UTC(2026, 0, 1);
    const limiters = fakeRateLimiters({ now: () => now });
    const turns = (run: string, more: Partial<Turn> = {}) =>
      openTurns({ delivery, run, attempt: 1, episode: run, late: false, again: undefined, ...more }, limiters);
    const ask = (of: ReturnType<typeof turns>, firing = {}, id = "p") =>
      of.mayBegin({ id }, "on_pod_crash_loop", { fires: true, limit, ...firing });
    return { turns, ask, limiters, pass: (hours: number) => (now += hours * HOUR) };
  };
  const heldBack =
    "the rate limit of on_pod_crash_loop for deployment shop/web holds it back until 2026-01-01T01:00:00.000Z";

  it("lets the first through, then none until its time has passed, and says so", async () => {
    const { turns, ask, pass } = open();
    expect(await ask(turns("first"))).toBeUndefined();
    pass(0.9);
    expect(await ask(turns("second"))).toBe(heldBack);
    pass(0.1);
    expect(await ask(turns("third"))).toBeUndefined();
  });

  it("counts for each playbook and each workload", async () => {
    const { turns, ask } = open();
    await ask(turns("first"));
    expect(await ask(turns("second"), {}, "another")).toBeUndefined();
    expect(await ask(turns("third"), { limit: { ...limit, of: "deployment shop/api" } })).toBeUndefined();
  });

  it("gives a second attempt the answer of the first", async () => {
    const { turns, ask } = open();
    await ask(turns("first"));
    await ask(turns("second"));
    expect(await ask(turns("first", { attempt: 2 }))).toBeUndefined();
    expect(await ask(turns("second", { attempt: 2 }))).toBe(heldBack);
  });

  it("is not asked where it is none", async () => {
    const { turns, ask, limiters } = open();
    for (const run of ["first", "second"]) {
      expect(await ask(turns(run), { limit: { ...limit, seconds: 0 } })).toBeUndefined();
    }
    expect(limiters.asked).toEqual([]);
  });

  it("is not marked where a newer version has been worked already, and the trigger is about the present", async () => {
    const { turns, ask, limiters } = open();
    const late = turns("first", { late: true });
    expect(await ask(late, { aboutNow: true })).toBe(
      "on_pod_crash_loop is about the present, and a newer version of the object has been worked",
    );
    expect(limiters.asked).toEqual([]);
    expect(await ask(late)).toBeUndefined();
  });

  it("is given back for a playbook that did not begin after all, and kept for one that did", async () => {
    const { turns, ask } = open();
    const first = turns("first");
    await ask(first, {}, "began");
    await ask(first, {}, "did not");
    await first.giveBack([{ playbook: "began" }]);
    expect(await ask(turns("second"), {}, "began")).toBe(heldBack);
    expect(await ask(turns("second"), {}, "did not")).toBeUndefined();
  });
});

it("what may run again is what has a period and began", () => {
  const records = ["once", "hourly"].map((playbook) => ({ playbook }));
  expect(repeatingOf(playbooks, records)).toEqual(["hourly"]);
});
