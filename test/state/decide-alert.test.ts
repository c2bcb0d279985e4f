import { describe, expect, it } from "vitest";
import type { AlertFacts, AlertState } from "../../src/state/alert-episode.ts";
import { afterAlert, decideAlert } from "../../src/state/decide-alert.ts";
import type { Slot } from "../../src/state/state.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Times are minutes after the alert began. */
const at = (minutes: number): number => 1_700_000_000_000 + minutes * MINUTE;

const firing = (startsAt: number | undefined, acceptedAt: number): AlertFacts => ({
  status: "firing",
  startsAt: startsAt === undefined ? undefined : at(startsAt),
  acceptedAt: at(acceptedAt),
});
const resolved = (startsAt: number | undefined, endsAt: number | undefined, acceptedAt: number): AlertFacts => ({
  status: "resolved",
  startsAt: startsAt === undefined ? undefined : at(startsAt),
  endsAt: endsAt === undefined ? undefined : at(endsAt),
  acceptedAt: at(acceptedAt),
});
const slot = (delivery: string, facts: AlertFacts, run = `run of ${delivery}`): Slot => ({
  delivery,
  run,
  attempts: 1,
  facts,
});

/** Began at 0, was last seen at 30. */
const open: AlertState = { episode: "E", opened: at(0), seen: at(30), finished: ["firing"] };
/** Ended at 60; that was accepted at 61. */
const closed: AlertState = {
  ...open,
  resolvedAt: at(60),
  resolvedAcceptedAt: at(61),
  finished: ["firing", "resolved"],
};

describe("what becomes of a report of an alert", () => {
  it.each<[string, AlertState | undefined, AlertFacts, string]>([
    ["a firing of an unknown alert", undefined, firing(0, 1), "run"],
    ["a firing of an unknown alert without a start", undefined, firing(undefined, 1), "run"],
    ["a resolution that was never seen firing", undefined, resolved(0, 5, 6), "run"],

    ["a repeat of an open episode", open, firing(0, 40), "same"],
    ["a repeat with another peer's start", open, firing(1, 40), "same"],
    ["a repeat with an earlier start", open, firing(-5, 40), "same"],
    ["a repeat without a start", open, firing(undefined, 40), "same"],
    ["a start up to two minutes after it was last seen", open, firing(32, 40), "same"],
    ["a start later than that: the resolution was never sent", open, firing(32.1, 40), "run"],

    ["the resolution of an open episode", open, resolved(0, 60, 61), "run"],
    ["its resolution without start and end", open, resolved(undefined, undefined, 61), "run"],
    ["its resolution with another peer's start", open, resolved(1, 60, 61), "run"],
    ["the resolution of an episode before", open, resolved(-20, -1, 40), "stale"],
    [
      "the false resolution that a firing has refuted since",
      { ...open, reopenedAt: at(30) },
      resolved(0, 20, 21),
      "stale",
    ],
    ["the true resolution after that", { ...open, reopenedAt: at(30) }, resolved(0, 60, 61), "run"],
    ["the resolution of an episode whose firing was missed", open, resolved(40, 60, 61), "run"],

    ["a firing that began after the resolution", closed, firing(61, 62), "run"],
    ["a firing that began as the other ended", closed, firing(60, 62), "run"],
    ["a firing that was accepted before the resolution", closed, firing(0, 60), "overtaken"],
    ["a firing that was accepted with the resolution", closed, firing(0, 61), "overtaken"],
    ["a peer's echo within a minute after it", closed, firing(0, 61.5), "hold"],
    ["a peer's echo a minute after it", closed, firing(0, 62), "hold"],
    ["an echo without a start", closed, firing(undefined, 61.5), "hold"],
    ["the same firing accepted later: the resolution was false", closed, firing(0, 62.1), "run"],

    ["the other peer's resolution", closed, resolved(0, 60, 61.2), "same"],
    ["the other peer's resolution with another end", closed, resolved(0, 62, 63), "same"],
    ["the same without a start", closed, resolved(undefined, 60, 61.2), "same"],
    ["the resolution of a later episode whose firing was missed", closed, resolved(70, 80, 81), "run"],
  ])("%s", (_name, state, facts, expected) => {
    const decision = decideAlert({ state, slots: [] }, { id: "d", facts }, facts.acceptedAt);
    expect(decision.do).toBe(expected);
    expect(decision.reason).toMatch(/^[a-z].*[a-z]$/);
  });

  it("is held until a minute after its acceptance, and then fires unless another resolution has come", () => {
    const facts = firing(0, 61.5);
    const report = { id: "d", facts };
    const view = { state: closed, slots: [] };
    expect(decideAlert(view, report, at(61.6))).toMatchObject({ do: "hold", until: at(62.5) });
    expect(decideAlert(view, report, at(62.5))).toMatchObject({ do: "run" });
    const again = { ...closed, resolvedAcceptedAt: at(62) };
    expect(decideAlert({ state: again, slots: [] }, report, at(62.5)).do).toBe("overtaken");
  });

  it("names the episode that a resolution closes, and no other", () => {
    const closing = decideAlert({ state: open, slots: [] }, { id: "d", facts: resolved(0, 60, 61) }, at(61));
    expect(closing).toMatchObject({ do: "run", episode: "E" });
    for (const facts of [resolved(40, 60, 61), firing(40, 41)]) {
      expect(decideAlert({ state: open, slots: [] }, { id: "d", facts }, at(61))).not.toHaveProperty("episode");
    }
  });
});

describe("an unfinished delivery", () => {
  const own = slot("own", firing(0, 1), "run 2");

  it("is gone on with under its own run", () => {
    const decision = decideAlert({ state: undefined, slots: [own] }, { id: "own", facts: firing(0, 1) }, at(3));
    expect(decision.do).toBe("run");
    expect(decision).not.toHaveProperty("run");
  });

  it.each<[string, AlertFacts, Slot, boolean]>([
    ["another peer's firing", firing(0, 1), slot("copy", firing(1, 1.2), "run 1"), true],
    [
      "a firing that began two minutes after the other was accepted",
      firing(3, 4),
      slot("copy", firing(0, 1), "run 1"),
      true,
    ],
    ["a firing that began later", firing(3.1, 4), slot("copy", firing(0, 1), "run 1"), false],
    ["a firing without a start", firing(undefined, 4), slot("copy", firing(0, 1), "run 1"), true],
    ["another peer's resolution", resolved(0, 9, 10), slot("copy", resolved(1, 10, 11), "run 1"), true],
    ["the resolution of another episode", resolved(10, 20, 21), slot("copy", resolved(0, 10, 11), "run 1"), false],
    ["a delivery of another kind", firing(0, 1), { delivery: "copy", run: "run 1", attempts: 1, facts: {} }, false],
  ])("of a copy, %s, is adopted or not", (_name, facts, copy, adopted) => {
    const view = { state: undefined, slots: [slot("own", facts, "run 2"), copy] };
    const report = { id: "own", facts };
    const decision = decideAlert(view, report, at(30));
    expect(decision).toMatchObject({ do: "run", ...(adopted ? { run: "run 1" } : {}) });
    expect("run" in decision).toBe(adopted);
    const outcome = afterAlert(view, report, decision, { run: adopted ? "run 1" : "run 2", now: at(30) });
    expect(outcome?.slots).toEqual(adopted ? ["own", "copy"] : ["own"]);
  });

  it("keeps its run when it was begun before its copy, so that both agree on one", () => {
    const view = { state: undefined, slots: [own, slot("copy", firing(0, 1.2), "run 3")] };
    const decision = decideAlert(view, { id: "own", facts: firing(0, 1) }, at(3));
    expect(decision).not.toHaveProperty("run");
    const outcome = afterAlert(view, { id: "own", facts: firing(0, 1) }, decision, { run: "run 2", now: at(3) });
    expect(outcome?.slots).toEqual(["own", "copy"]);
  });

  it("is overtaken when the alert was resolved meanwhile", () => {
    const view = { state: closed, slots: [own] };
    expect(decideAlert(view, { id: "own", facts: firing(0, 1) }, at(62)).do).toBe("overtaken");
  });

  it("is the same when its copy has finished", () => {
    expect(decideAlert({ state: open, slots: [own] }, { id: "own", facts: firing(0, 1) }, at(62)).do).toBe("same");
  });

  it("of a firing is an open episode to its resolution", () => {
    const view = { state: undefined, slots: [own, slot("end", resolved(0, 5, 6), "run 3")] };
    const report = { id: "end", facts: resolved(0, 5, 6) };
    const decision = decideAlert(view, report, at(6));
    expect(decision).toMatchObject({ do: "run", episode: "run 2" });
    const outcome = afterAlert(view, report, decision, { run: "run 3", now: at(6) });
    expect(outcome).toMatchObject({
      state: { episode: "run 2", opened: at(0), resolvedAt: at(5), finished: ["resolved"] },
      slots: ["end"],
    });
    const later = decideAlert({ state: outcome?.state, slots: [own] }, { id: "own", facts: firing(0, 1) }, at(7));
    expect(later.do).toBe("overtaken");
  });

  it("that ends with its copies has told what the last of them told", () => {
    const copies = [slot("own", resolved(0, 5, 6), "run 1"), slot("copy", resolved(0, 5, 8), "run 2")];
    const report = { id: "own", facts: resolved(0, 5, 6) };
    const view = { state: { ...open, seen: at(4) }, slots: copies };
    const outcome = afterAlert(view, report, decideAlert(view, report, at(9)), { run: "run 1", now: at(9) });
    expect(outcome?.state.resolvedAcceptedAt).toBe(at(8));
    expect(decideAlert(view, { id: "echo", facts: firing(0, 7) }, at(9)).do).toBe("overtaken");
  });

  it("of a resolution ends the episode for a firing", () => {
    const view = { state: open, slots: [slot("end", resolved(0, 31, 31.5))] };
    expect(decideAlert(view, { id: "d", facts: firing(31.2, 31.9) }, at(32)).do).toBe("run");
    expect(decideAlert(view, { id: "d", facts: firing(0, 31.1) }, at(32)).do).toBe("overtaken");
  });
});

describe("what the ledger of an alert says afterwards", () => {
  const worked = (state: AlertState | undefined, facts: AlertFacts) => {
    const view = { state, slots: [] };
    const report = { id: "d", facts };
    const decision = decideAlert(view, report, facts.acceptedAt);
    return { decision, outcome: afterAlert(view, report, decision, { run: "new", now: facts.acceptedAt }) };
  };

  it.each<[string, AlertState | undefined, AlertFacts, AlertState, number]>([
    [
      "a firing opens an episode for seven days",
      undefined,
      firing(0, 1),
      { episode: "new", opened: at(0), seen: at(1), finished: ["firing"] },
      at(1) + 7 * DAY,
    ],
    [
      "one without a start opens it when it is accepted",
      undefined,
      firing(undefined, 1),
      { episode: "new", opened: at(1), seen: at(1), finished: ["firing"] },
      at(1) + 7 * DAY,
    ],
    [
      "a resolution closes it for two days",
      open,
      resolved(0, 60, 61),
      { ...open, resolvedAt: at(60), resolvedAcceptedAt: at(61), finished: ["firing", "resolved"] },
      at(61) + 2 * DAY,
    ],
    [
      "a resolution without a firing is an episode of its own",
      undefined,
      resolved(0, 5, 6),
      {
        episode: "new",
        opened: at(0),
        seen: at(0),
        resolvedAt: at(5),
        resolvedAcceptedAt: at(6),
        finished: ["resolved"],
      },
      at(6) + 2 * DAY,
    ],
    [
      "a repeat moves its time on when an hour has passed",
      open,
      firing(0, 90),
      { ...open, seen: at(90) },
      at(90) + 7 * DAY,
    ],
    [
      "a second resolution moves the time on from which an echo is told",
      closed,
      resolved(0, 60, 62),
      { ...closed, resolvedAcceptedAt: at(62) },
      at(62) + 2 * DAY,
    ],
    [
      "a false resolution is followed by an episode of its own",
      closed,
      firing(0, 65),
      { episode: "new", opened: at(0), seen: at(65), reopenedAt: at(65), finished: ["firing"] },
      at(65) + 7 * DAY,
    ],
  ])("%s", (_name, state, facts, expected, expiresAt) => {
    expect(worked(state, facts).outcome).toEqual({ state: expected, expiresAt, slots: ["d"] });
  });

  it.each<[string, AlertState, AlertFacts]>([
    ["a repeat within the hour", open, firing(0, 89)],
    ["a resolution of the past", open, resolved(-20, -1, 40)],
    ["an overtaken firing", closed, firing(0, 60)],
    ["a firing that is held", closed, firing(0, 61.5)],
    ["an older copy of the resolution", closed, resolved(0, 60, 61)],
  ])("nothing new after %s", (_name, state, facts) => {
    const { decision, outcome } = worked(state, facts);
    expect(outcome).toBeUndefined();
    expect(decision).not.toMatchObject({ refresh: true });
  });
});
