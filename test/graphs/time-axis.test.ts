import { describe, expect, it } from "vitest";
import { timeAxis } from "../../src/graphs/time-axis.ts";
import { minute, start } from "./series.ts";

const labels = (...times: number[]) => timeAxis(times, [], 9)?.ticks.map(({ label }) => label);
const hour = 60 * minute;
const day = 24 * hour;

describe("a time axis, in UTC", () => {
  it.each<[string, number, string[], string]>([
    [
      "seconds",
      30_000,
      ["09:41:00", "09:41:05", "09:41:10", "09:41:15", "09:41:20", "09:41:25", "09:41:30"],
      "2026-08-01 09:41:00 to 09:41:30 UTC",
    ],
    ["an hour", hour, ["09:50", "10:00", "10:10", "10:20", "10:30", "10:40"], "2026-08-01 09:41 to 10:41 UTC"],
    [
      "a day, with midnight",
      day,
      ["12:00", "15:00", "18:00", "21:00", "Aug 2", "03:00", "06:00", "09:00"],
      "2026-08-01 09:41 to 2026-08-02 09:41 UTC",
    ],
    [
      "a week",
      7 * day,
      ["Aug 2", "Aug 3", "Aug 4", "Aug 5", "Aug 6", "Aug 7", "Aug 8"],
      "2026-08-01 09:41 to 2026-08-08 09:41 UTC",
    ],
    [
      "years",
      1_500 * day,
      ["Dec 2026", "Jun 2027", "Dec 2027", "Jun 2028", "Dec 2028", "Jun 2029", "Dec 2029", "Jun 2030"],
      "2026-08-01 09:41 to 2030-09-09 09:41 UTC",
    ],
  ])("%s", (_, span, expected, words) => {
    expect(labels(start, start + span)).toEqual(expected);
    expect(timeAxis([start, start + span], [], 9)?.words).toBe(words);
  });

  it("is around a single point", () => {
    expect(timeAxis([start], [], 9)).toMatchObject({ from: start - minute, to: start + minute });
  });

  it("reaches moments that are near, and leaves out those that would squeeze it", () => {
    const times = [start, start + hour];
    expect(timeAxis(times, [start - 20 * minute, start - day], 9)).toMatchObject({
      from: start - 20 * minute,
      to: start + hour,
    });
  });

  it("is none without points", () => {
    expect(timeAxis([], [start], 9)).toBeUndefined();
  });

  it.each([1, 1e3, 1e6, 1e9, 1e12, 8e15])("has few labels over %d ms", (span) => {
    expect(labels(0, span)?.length).toBeLessThanOrEqual(10);
  });
});
