import { describe, expect, it } from "vitest";
import { afterObject, type ChangeFacts, decideObject, type ObjectState } from "../../src/state/decide-object.ts";
import type { Slot } from "../../src/state/state.ts";

const NOW = 1_700_000_000_000;

const create = (resourceVersion?: string): ChangeFacts => ({ operation: "create", uid: "u", resourceVersion });
const update = (resourceVersion?: string): ChangeFacts => ({ operation: "update", uid: "u", resourceVersion });
const remove = (resourceVersion?: string): ChangeFacts => ({ operation: "delete", uid: "u", resourceVersion });

/** Works the changes in this order, each under the id of its place, and tells what became of each. */
function work(changes: readonly (readonly [string, ChangeFacts])[]): {
  outcomes: string[];
  state: ObjectState | undefined;
} {
  let state: ObjectState | undefined;
  const outcomes = changes.map(([id, facts]) => {
    const view = { state, slots: [] };
    const decision = decideObject(view, { id, facts });
    state = afterObject(view, { id, facts }, decision, { now: NOW })?.state ?? state;
    return decision.do === "run" && decision.late === true ? "late" : decision.do;
  });
  return { outcomes, state };
}

describe("what becomes of a change of an object", () => {
  it.each<[string, (readonly [string, ChangeFacts])[], string[]]>([
    [
      "each version runs once",
      [
        ["a", create("1")],
        ["b", update("2")],
        ["b", update("2")],
        ["c", update("3")],
      ],
      ["run", "run", "same", "run"],
    ],
    [
      "a redelivery under another id is the same",
      [
        ["a", update("2")],
        ["b", update("2")],
      ],
      ["run", "same"],
    ],
    [
      "an object is created once, whatever version is told",
      [
        ["a", create("1")],
        ["b", create("2")],
        ["c", create()],
      ],
      ["run", "same", "same"],
    ],
    [
      "an object is deleted once",
      [
        ["a", remove("5")],
        ["b", remove("6")],
        ["c", remove()],
      ],
      ["run", "same", "same"],
    ],
    [
      "an update with the version of the creation changed nothing",
      [
        ["a", create("1")],
        ["b", update("1")],
      ],
      ["run", "same"],
    ],
    [
      "a creation that comes after such an update is still the creation",
      [
        ["b", update("1")],
        ["a", create("1")],
      ],
      ["run", "run"],
    ],
    [
      "an older version that comes later runs as late",
      [
        ["a", update("3")],
        ["b", update("2")],
      ],
      ["run", "late"],
    ],
    [
      "a late one is worked once too",
      [
        ["a", update("3")],
        ["b", update("2")],
        ["b", update("2")],
      ],
      ["run", "late", "same"],
    ],
    [
      "a creation after an update is late",
      [
        ["a", update("3")],
        ["b", create("1")],
      ],
      ["run", "late"],
    ],
    [
      "an update after the deletion is late",
      [
        ["a", remove("3")],
        ["b", update("4")],
      ],
      ["run", "late"],
    ],
    [
      "the deletion is never late",
      [
        ["a", update("9")],
        ["b", remove("5")],
      ],
      ["run", "run"],
    ],
    [
      "versions are compared as numbers",
      [
        ["a", update("999")],
        ["b", update("1000")],
      ],
      ["run", "run"],
    ],
    [
      "versions beyond JavaScript's numbers are told apart",
      [
        ["a", update("9007199254740993")],
        ["b", update("9007199254740992")],
        ["c", update("90071992547409930")],
      ],
      ["run", "late", "run"],
    ],
    [
      "versions that are no numbers are never late",
      [
        ["a", update("b")],
        ["b", update("a")],
        ["c", update("a")],
      ],
      ["run", "run", "same"],
    ],
    [
      "without a version the delivery's id tells",
      [
        ["a", update()],
        ["a", update()],
        ["b", update()],
      ],
      ["run", "same", "run"],
    ],
  ])("%s", (_name, changes, expected) => {
    expect(work(changes).outcomes).toEqual(expected);
  });

  it("remembers the last 200 versions, for a day", () => {
    const versions = Array.from({ length: 250 }, (_, index) => String(index + 1));
    const { state } = work(versions.map((version) => [version, update(version)]));
    expect(state).toMatchObject({ newest: "250", created: false, deleted: false });
    expect(state?.versions).toEqual(versions.slice(50));
    const change = { id: "d", facts: update("251") };
    const outcome = afterObject({ state, slots: [] }, change, decideObject({ state, slots: [] }, change), { now: NOW });
    expect(outcome?.expiresAt).toBe(NOW + 24 * 3600 * 1000);
  });

  it.each<[string, ChangeFacts, ChangeFacts, boolean]>([
    ["the same version", update("2"), update("2"), true],
    ["another version", update("2"), update("3"), false],
    ["no version", update(), update(), false],
    ["the creation again", create("1"), create("2"), true],
    ["another operation on the same version", create("1"), update("1"), false],
  ])("goes on with an interrupted copy or not: %s", (_name, facts, other, adopted) => {
    const copy: Slot = { delivery: "copy", run: "run 1", attempts: 2, facts: other };
    const own: Slot = { delivery: "own", run: "run 2", attempts: 1, facts };
    const view = { state: undefined, slots: [own, copy] };
    const decision = decideObject(view, { id: "own", facts });
    expect(decision).toMatchObject({ do: "run", ...(adopted ? { run: "run 1" } : {}) });
    expect("run" in decision).toBe(adopted);
    const outcome = afterObject(view, { id: "own", facts }, decision, { now: NOW });
    expect(outcome?.slots).toEqual(adopted ? ["own", "copy"] : ["own"]);
  });

  it("comes out the same however often and in whichever order the changes arrive", () => {
    const changes: [string, ChangeFacts][] = [
      ["c", create("10")],
      ...Array.from({ length: 30 }, (_, index): [string, ChangeFacts] => [`u${index}`, update(String(11 + index))]),
      ["d", remove("50")],
    ];
    for (let seed = 1; seed <= 50; seed += 1) {
      const { outcomes } = work(shuffled(Array.from({ length: 5 }, () => changes).flat(), seed));
      expect(outcomes.filter((outcome) => outcome !== "same")).toHaveLength(changes.length);
    }
  });
});

function shuffled<T>(all: readonly T[], seed: number): T[] {
  let state = seed;
  const keyed = all.map((one) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return { one, key: state };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
}
