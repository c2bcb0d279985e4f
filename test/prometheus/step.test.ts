import { expect, it } from "vitest";
import { chooseStep } from "../../src/prometheus/step.ts";

const minute = 60_000;

it.each([
  ["a moment", 0, undefined, 1],
  ["a minute", minute, undefined, 1],
  ["an hour", 60 * minute, undefined, 15],
  ["a day", 24 * 60 * minute, undefined, 347],
  ["a week", 7 * 24 * 60 * minute, undefined, 2429],
  ["the step that is asked for", 60 * minute, 30, 30],
  ["one below a second", minute, 0.5, 0.5],
  ["no more points than Prometheus allows", 24 * 60 * minute, 1, 8],
])("%s", (_, milliseconds, stepSeconds, expected) => {
  const step = chooseStep({ start: 0, end: milliseconds, ...(stepSeconds === undefined ? {} : { stepSeconds }) });
  expect(step).toBe(expected);
});

it.each([
  [{ start: 1, end: 0 }, "a range cannot be from 1 to 0"],
  [{ start: Number.NaN, end: 0 }, "a range cannot be from NaN to 0"],
  [{ start: 0, end: 1, stepSeconds: 0 }, "a step cannot be 0 seconds"],
])("%j is none", (range, message) => {
  expect(() => chooseStep(range)).toThrow(new RangeError(message));
});
