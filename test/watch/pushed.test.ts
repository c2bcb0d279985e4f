import { expect, it, onTestFinished, vi } from "vitest";
import { UnavailableError } from "../../src/errors.ts";
import type { PushedRepository } from "../../src/state/state.ts";
import { watchPushed } from "../../src/watch/pushed.ts";

const version = (sha256: string) => ({ sha256, bytes: 1, apiVersion: 1, pushedAt: 0, by: "me" });
const mine = (sha256: string): PushedRepository => ({ name: "mine", revision: 1, live: version(sha256), history: [] });

/** A table and a store that answer as the test says, looked at whenever it asks. */
function start(first: readonly PushedRepository[] | "away") {
  const state = { list: first, ready: ["mine"], asked: 0 };
  const told: string[] = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const list = async () => {
    state.asked += 1;
    if (state.list === "away") throw new UnavailableError("The table does not answer.");
    return state.list;
  };
  const { close } = watchPushed({ list }, async () => state.ready).start((why) => told.push(why));
  onTestFinished(close);
  const look = async () => {
    const before = state.asked;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.asked).toBeGreaterThan(before);
    return told.splice(0);
  };
  return { state, look };
}

const moved = ["what is pushed moved"];

it("what is pushed moves with a version, and with one that comes within reach of this machine", async () => {
  const { state, look } = start([mine("one")]);
  expect(await look()).toEqual([]);
  state.list = [mine("two")];
  state.ready = [];
  expect(await look()).toEqual(moved);
  expect(await look()).toEqual([]);
  state.ready = ["mine"];
  expect(await look()).toEqual(moved);
});

it("what is pushed does not move with a table that is away in between", async () => {
  const { state, look } = start([mine("one")]);
  expect(await look()).toEqual([]);
  state.list = "away";
  expect(await look()).toEqual([]);
  state.list = [mine("one")];
  expect(await look()).toEqual([]);
});

it("what is pushed moves when a table answers that was away from the start", async () => {
  const { state, look } = start("away");
  expect(await look()).toEqual([]);
  state.list = [mine("one")];
  expect(await look()).toEqual(moved);
});
