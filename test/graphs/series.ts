/** Series for tests, the same every time. */
import type { GraphInput } from "../../src/findings/graph.ts";

export const start = Date.UTC(2026, 7, 1, 9, 41, 0);
export const minute = 60_000;

/** A value a minute, from the minute `from` after the start on. */
export const everyMinute = (name: string, values: readonly number[], from = 0): GraphInput => ({
  name,
  points: values.map((value, index) => [start + (from + index) * minute, value]),
});

/** A wave between two values. */
export const wave = (length: number, low: number, high: number): number[] =>
  Array.from({ length }, (_, index) => low + ((high - low) * (1 + Math.sin(index / 7))) / 2);
