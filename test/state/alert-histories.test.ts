import { describe, expect, it } from "vitest";
import type { AlertState } from "../../src/state/alert-episode.ts";
import { afterAlert, decideAlert } from "../../src/state/decide-alert.ts";
import type { Decision } from "../../src/state/decision.ts";
import type { Slot } from "../../src/state/state.ts";
import { type Arrival, type History, type Random, randomHistory, seededRandom } from "../helpers/alert-histories.ts";

const HISTORIES = 20_000;

interface Queued extends Arrival {
  readonly id: string;
  /** When it is worked; later than it was accepted. */
  readonly at: number;
}

interface Tally {
  wanted: number;
  doubled: number;
  lost: number;
}

/** Works a history, and tells how often each episode's firing was worked. */
type Play = (history: History, random: Random) => number[];

function tally(play: Play, seed: number): Tally {
  const random = seededRandom(seed);
  const result = { wanted: 0, doubled: 0, lost: 0 };
  for (let index = 0; index < HISTORIES; index += 1) {
    const history = randomHistory(random);
    const worked = play(history, random);
    history.wanted.forEach((wanted, episode) => {
      const runs = worked[episode] ?? 0;
      result.wanted += wanted;
      if (wanted > 0 && runs > wanted) result.doubled += 1;
      if (runs < wanted) result.lost += 1;
    });
  }
  return result;
}

/** `interrupted`: how often a worker dies in mid-run; the same delivery comes again a little later. */
function byLedger({ interrupted }: { interrupted: number }): Play {
  return (history, random) => {
    const ledger = new Ledger();
    const worked = history.wanted.map(() => 0);
    const finished = new Set<string>();
    // What is queued at the same time may swap places.
    const queue: Queued[] = history.arrivals.map((arrival, index) => ({
      ...arrival,
      id: `delivery-${index}`,
      at: arrival.facts.acceptedAt + random() * 3000,
    }));
    for (let next = takeFirst(queue); next !== undefined; next = takeFirst(queue)) {
      const { decision, run } = ledger.take(next);
      if (decision.do === "hold") queue.push({ ...next, at: decision.until });
      if (decision.do === "run" && random() < interrupted) {
        queue.push({ ...next, at: next.at + RETRY_MS });
        continue;
      }
      if (decision.do === "run" && next.facts.status === "firing" && !finished.has(run)) {
        worked[next.episode] = (worked[next.episode] ?? 0) + 1;
      }
      finished.add(run);
      ledger.end(next, decision, run);
    }
    return worked;
  };
}

/** Until the lease of a dead worker may be taken over. */
const RETRY_MS = 35_000;

class Ledger {
  #state: AlertState | undefined;
  #slots: Slot[] = [];
  #runs = 0;

  take({ id, facts, at }: Queued): { decision: Decision; run: string } {
    let slot = this.#slots.find(({ delivery }) => delivery === id);
    if (slot === undefined) {
      this.#runs += 1;
      slot = { delivery: id, run: String(this.#runs).padStart(26, "0"), attempts: 1, facts };
      this.#slots.push(slot);
    }
    const decision = decideAlert({ state: this.#state, slots: this.#slots }, { id, facts }, at);
    return { decision, run: (decision.do === "run" ? decision.run : undefined) ?? slot.run };
  }

  end({ id, facts, at }: Queued, decision: Decision, run: string): void {
    const view = { state: this.#state, slots: this.#slots };
    const outcome = afterAlert(view, { id, facts }, decision, { run, now: at });
    this.#state = outcome?.state ?? this.#state;
    const ended = outcome?.slots ?? [id];
    this.#slots = this.#slots.filter(({ delivery }) => !ended.includes(delivery));
  }
}

/** What one would try first: a report is known by its fingerprint, start and status. */
const byStartAndStatus: Play = (history) => {
  const known = new Set<number | undefined>();
  const worked = history.wanted.map(() => 0);
  for (const { episode, facts } of history.arrivals) {
    if (facts.status === "resolved" || known.has(facts.startsAt)) continue;
    known.add(facts.startsAt);
    worked[episode] = (worked[episode] ?? 0) + 1;
  }
  return worked;
};

function takeFirst(queue: Queued[]): Queued | undefined {
  let first = 0;
  queue.forEach((one, index) => {
    if (one.at < (queue[first]?.at ?? 0)) first = index;
  });
  return queue.splice(first, 1)[0];
}

describe(`${HISTORIES} random histories of an alert`, () => {
  // What no rule can tell apart from a false resolution, and is fired: a firing that is sent again after the last resolution. It happens
  // about once in 200,000 episodes, not with these seeds.
  it("work each episode's firing once, and lose none", () => {
    const { wanted, ...wrong } = tally(byLedger({ interrupted: 0 }), 1);
    expect(wanted).toBeGreaterThan(HISTORIES);
    expect(wrong).toEqual({ doubled: 0, lost: 0 });
  });

  it("work none twice and lose none when one run in ten is interrupted", () => {
    const { wanted, ...wrong } = tally(byLedger({ interrupted: 0.1 }), 2);
    expect(wanted).toBeGreaterThan(HISTORIES);
    expect(wrong).toEqual({ doubled: 0, lost: 0 });
  });

  it("are doubled and lost by a key of fingerprint, start and status", () => {
    const { wanted, doubled, lost } = tally(byStartAndStatus, 1);
    expect(doubled / wanted).toBeGreaterThan(0.1);
    expect(lost / wanted).toBeGreaterThan(0.01);
  });
});
