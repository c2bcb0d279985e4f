import { describe, expect, it } from "vitest";
import type { AlertDelivery, Delivery } from "../../src/delivery.ts";
import { UnavailableError } from "../../src/errors.ts";
import { bury, comeAgain, waitForKey } from "../../src/playbooks/setbacks.ts";
import type { DeadLetters } from "../../src/state/state.ts";
import type { TraceEvent } from "../../src/trace.ts";

const alert = (status: "firing" | "resolved"): AlertDelivery => ({
  kind: "alert",
  id: "1",
  key: "alert#1",
  cluster: "shop",
  acceptedAt: 0,
  alert: { status, labels: { alertname: "A" }, annotations: {}, fingerprint: "1" },
});

function services() {
  const trace: TraceEvent[] = [];
  const cancelled: string[] = [];
  const letters: { body: Delivery; reasons: readonly string[] }[] = [];
  const deadLetters: DeadLetters<Delivery> = { put: async (letter) => void letters.push(letter), list: async () => [] };
  const ledgers = {
    requestCancel: async ({ key }: { key: string }) => {
      cancelled.push(key);
      return true;
    },
  };
  return {
    ledgers,
    deadLetters,
    tracer: (event: TraceEvent) => void trace.push(event),
    now: () => 1_000,
    trace,
    cancelled,
    letters,
  };
}

describe("after a failure of ours", () => {
  const delay = (error: unknown, attempts: number) => {
    const outcome = comeAgain(error, alert("firing"), attempts, services());
    return outcome.state === "later" ? outcome.at - 1_000 : 0;
  };

  it.each([
    [1, 5],
    [2, 15],
    [3, 45],
    [4, 135],
    [5, 135],
    [50, 135],
  ])("attempt %i waits for %i s, and a little by chance", (attempts, seconds) => {
    expect(delay(new Error("away"), attempts)).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(delay(new Error("away"), attempts)).toBeLessThanOrEqual(seconds * 1_200);
  });

  it("waits as long as the error says", () => {
    expect(delay(new UnavailableError("away", { retryAfterSeconds: 60 }), 1)).toBeGreaterThanOrEqual(60_000);
  });

  it("tells when and why", () => {
    const given = services();
    const outcome = comeAgain(new Error("away", { cause: new Error("ECONNREFUSED") }), alert("firing"), 1, given);
    expect(outcome).toMatchObject({ state: "later", reason: "away (ECONNREFUSED)" });
    expect(given.trace).toMatchObject([{ type: "later", reason: "away (ECONNREFUSED)" }]);
  });
});

it.each([
  ["firing", []],
  ["resolved", ["alert#1"]],
] as const)("%s, where the key is busy: comes again in 5 s, and cancels %o", async (status, cancelled) => {
  const given = services();
  expect(await waitForKey(alert(status), given)).toEqual({
    state: "later",
    at: 6_000,
    reason: "its key is being worked on",
  });
  expect(given.cancelled).toEqual(cancelled);
});

it("is kept with its reasons when it is given up", async () => {
  const given = services();
  await bury(alert("firing"), ["one", "two"], given);
  expect(given.letters).toEqual([{ body: alert("firing"), reasons: ["one", "two"] }]);
  expect(given.trace).toMatchObject([{ type: "dead", reasons: ["one", "two"] }]);
});
