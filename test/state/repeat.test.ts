import { describe, expect, it } from "vitest";
import type { AlertDelivery } from "../../src/delivery.ts";
import type { AlertFacts, AlertState } from "../../src/state/alert-episode.ts";
import { isKnown } from "../../src/state/decide.ts";
import { afterAlert, decideAlert } from "../../src/state/decide-alert.ts";
import type { Worked } from "../../src/state/decision.ts";
import { jobOf } from "../../src/state/job.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Times are minutes after the alert began. */
const at = (minutes: number): number => 1_700_000_000_000 + minutes * MINUTE;

const once: AlertState = { episode: "E", opened: at(0), seen: at(30), finished: ["firing"] };
const repeated: AlertState = { ...once, repeats: { playbooks: ["p"], count: 2 } };
const ended = { resolvedAt: at(60), resolvedAcceptedAt: at(61), finished: ["firing", "resolved"] } as const;

const firing = (acceptedAt: number, startsAt = 0): AlertFacts => ({
  status: "firing",
  startsAt: at(startsAt),
  acceptedAt: at(acceptedAt),
});
const resolved = (acceptedAt: number): AlertFacts => ({
  status: "resolved",
  startsAt: at(0),
  endsAt: at(60),
  acceptedAt: at(acceptedAt),
});

const decided = (state: AlertState, facts: AlertFacts) =>
  decideAlert({ state, slots: [] }, { id: "d", facts }, facts.acceptedAt);

const delivered = ({ acceptedAt, ...facts }: AlertFacts): AlertDelivery => ({
  kind: "alert",
  id: "d",
  key: "alert#1",
  cluster: "c",
  acceptedAt,
  alert: {
    status: facts.status,
    labels: {},
    annotations: {},
    fingerprint: "1",
    ...(facts.startsAt === undefined ? {} : { startsAt: facts.startsAt }),
    ...(facts.endsAt === undefined ? {} : { endsAt: facts.endsAt }),
  },
});

describe("a report of what has been worked", () => {
  it.each<[string, AlertState, AlertFacts, "is dropped" | "is queued"]>([
    ["a firing of an episode without playbooks that run again", once, firing(40), "is dropped"],
    ["the same, where the ledger should hear of it", once, firing(90), "is queued"],
    ["a firing of an episode with such a playbook", repeated, firing(40), "is queued"],
    ["the same with another peer's start", repeated, firing(40, 1), "is queued"],
    [
      "a firing that began before the end, and was accepted before it",
      { ...repeated, ...ended },
      firing(60),
      "is dropped",
    ],
    ["a second copy of the resolution", { ...repeated, ...ended }, resolved(61), "is dropped"],
  ])("%s", (_, state, facts, expected) => {
    const known = isKnown(delivered(facts), { state, slots: [] }, facts.acceptedAt);
    expect(known === undefined ? "is queued" : "is dropped").toBe(expected);
  });

  it("names the episode, the playbooks that may run again, and which repeat it would be", () => {
    expect(decided(repeated, firing(40))).toMatchObject({
      do: "same",
      repeat: { episode: "E", playbooks: ["p"], number: 3 },
    });
  });

  it.each<[string, AlertState, AlertFacts]>([
    ["an episode without playbooks that run again", once, firing(40)],
    ["an episode that has ended", { ...repeated, ...ended }, resolved(61.2)],
    ["a firing that is a new episode", repeated, firing(40, 40)],
    ["a firing that proves the resolution false", { ...repeated, ...ended }, firing(65)],
  ])("names none of %s", (_, state, facts) => {
    expect(decided(state, facts)).not.toHaveProperty("repeat");
  });

  it("is run under the run's own id, as a part of the episode that is there", () => {
    const slot = { delivery: "d", run: "R", attempts: 2, facts: {} };
    expect(jobOf(decided(repeated, firing(40)), { slot, slots: [slot] })).toEqual({
      run: "R",
      attempt: 2,
      episode: "E",
      late: false,
      repeat: { episode: "E", playbooks: ["p"], number: 3 },
    });
  });
});

describe("what the ledger of an alert says afterwards", () => {
  it.each<[string, AlertState | undefined, AlertFacts, Partial<Worked>, Partial<AlertState>]>([
    [
      "a first run remembers which playbooks may run again",
      undefined,
      firing(1),
      { repeating: ["p", "q"] },
      { episode: "R", repeats: { playbooks: ["p", "q"], count: 0 } },
    ],
    [
      "a new episode forgets those of the one before",
      repeated,
      firing(40, 40),
      { repeating: ["q"] },
      { episode: "R", repeats: { playbooks: ["q"], count: 0 } },
    ],
    [
      "a repeat is counted, and the episode stays",
      repeated,
      firing(40),
      { repeated: true },
      { episode: "E", opened: at(0), seen: at(40), repeats: { playbooks: ["p"], count: 3 } },
    ],
    [
      "a repeat that was worked late moves nothing back",
      repeated,
      firing(20),
      { repeated: true },
      { seen: at(30), repeats: { playbooks: ["p"], count: 3 } },
    ],
    [
      "what only says that it still fires is not counted",
      repeated,
      firing(90),
      {},
      { seen: at(90), repeats: { playbooks: ["p"], count: 2 } },
    ],
  ])("%s", (_, state, facts, worked, expected) => {
    const view = { state, slots: [] };
    const decision = decideAlert(view, { id: "d", facts }, facts.acceptedAt);
    const outcome = afterAlert(view, { id: "d", facts }, decision, { run: "R", now: facts.acceptedAt, ...worked });
    expect(outcome).toMatchObject({ state: expected, slots: ["d"] });
    expect(outcome?.expiresAt).toBe((outcome?.state.seen ?? 0) + 7 * DAY);
  });

  it("is nothing new where nothing was due", () => {
    const view = { state: repeated, slots: [] };
    const decision = decided(repeated, firing(40));
    expect(afterAlert(view, { id: "d", facts: firing(40) }, decision, { run: "R", now: at(40) })).toBeUndefined();
  });
});
