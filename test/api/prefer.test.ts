import { describe, expect, it } from "vitest";
import { idempotencyKey } from "../../src/api/idempotency.ts";
import { preferred } from "../../src/api/prefer.ts";

describe("Prefer", () => {
  it.each([
    [undefined, { seconds: 20 }],
    ["", { seconds: 20 }],
    ["respond-async", { seconds: 0, applied: "respond-async" }],
    ["Respond-Async", { seconds: 0, applied: "respond-async" }],
    ["wait=5", { seconds: 5, applied: "wait=5" }],
    ['wait = "5"', { seconds: 5, applied: "wait=5" }],
    ["wait=0", { seconds: 0, applied: "wait=0" }],
    ["wait=600", { seconds: 20, applied: "wait=20" }],
    ["respond-async, wait=5", { seconds: 5, applied: "wait=5" }],
    ["return=minimal, respond-async", { seconds: 0, applied: "respond-async" }],
    ["wait=soon", { seconds: 20 }],
    ["await=5", { seconds: 20 }],
  ])("%s", (header, expected) => {
    expect(preferred(header)).toEqual(expected);
  });
});

describe("Idempotency-Key", () => {
  it.each([
    [undefined, undefined],
    ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ['"8e03978e"', "8e03978e"],
    ["k".repeat(255), "k".repeat(255)],
  ])("%s", (header, expected) => {
    expect(idempotencyKey(header)).toBe(expected);
  });

  it.each(["", '""', "a b", "clé", "k".repeat(256)])("cannot be %j", (header) => {
    expect(() => idempotencyKey(header)).toThrow("1 to 255 visible characters");
  });
});
