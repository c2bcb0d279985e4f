import { describe, expect, it } from "vitest";
import type { Matched } from "../../src/playbooks/match.ts";
import { repeatingOf, type Turn, takeTurns } from "../../src/playbooks/turns.ts";
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
    const whole: Turn = { delivery, run: `run ${++runs}`, attempt: 1, episode: "E", again, ...more };
    const taken = await takeTurns(
      { matched: concerned, others: [{ playbook: "other", reason: "no" }] },
      whole,
      limiters,
    );
    return { ran: taken.matched.map(({ playbook }) => playbook.id), others: taken.others };
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
    expect(await alert().begins()).toEqual({
      ran: ["once", "hourly", "daily"],
      others: [{ playbook: "other", reason: "no" }],
    });
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
      { playbook: "other", reason: "no" },
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

it("what may run again is what has a period and began", () => {
  const records = ["once", "hourly"].map((playbook) => ({ playbook }));
  expect(repeatingOf(playbooks, records)).toEqual(["hourly"]);
});
