/** The time axis, in UTC: its extent, and the round times at which it has labels. */
import { niceStep } from "./value-axis.ts";

export interface TimeAxis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** The extent in words: `2026-08-01 09:41 to 10:41 UTC`. */
  readonly words: string;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

const stepsOf = [
  [second, [1, 2, 5, 10, 15, 30]],
  [minute, [1, 2, 5, 10, 15, 30]],
  [hour, [1, 2, 3, 6, 12]],
  [day, [1, 2, 5, 10, 30, 90]],
] as const;

const steps: readonly number[] = stepsOf.flatMap(([unit, factors]) => factors.map((factor) => factor * unit));

/** A single point is in the middle of that much, and so are several at nearly the same time. */
const aroundOne = 2 * minute;
const aroundSome = 10 * second;
/** What is that much earlier or later than the points is still on the axis, as a part of their span. */
const reach = 0.5;

/** An axis for the times of points with at most so many labels, and for moments that are not far from them; undefined without points. */
export function timeAxis(times: readonly number[], moments: readonly number[], most: number): TimeAxis | undefined {
  const [first, last] = ends(times);
  if (first > last) return;
  const leastSpan = first === last ? aroundOne : aroundSome;
  const span = Math.max(leastSpan, last - first);
  const near = moments.filter((at) => at >= first - span * reach && at <= last + span * reach);
  const [start, end] = ends([first, last, ...near]);
  const padding = Math.max(0, (leastSpan - (end - start)) / 2);
  const [from, to] = [start - padding, end + padding];
  return { from, to, ticks: ticksOf(from, to, most), words: spanWords(from, to) };
}

const ends = (times: readonly number[]): readonly [first: number, last: number] => [
  times.reduce((a, b) => Math.min(a, b), Number.MAX_VALUE),
  times.reduce((a, b) => Math.max(a, b), -Number.MAX_VALUE),
];

function ticksOf(from: number, to: number, most: number): TimeAxis["ticks"] {
  const least = (to - from) / most;
  const step = steps.find((one) => one >= least) ?? niceStep(least / year) * year;
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = (first + index) * step;
    return { at, label: tickLabel(at, step) };
  });
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `09:41`; a day where the step is one, and at midnight; a month and year where the step is long. */
function tickLabel(at: number, step: number): string {
  const date = new Date(at);
  const month = months[date.getUTCMonth()] ?? "";
  if (step > 30 * day) return `${month} ${date.getUTCFullYear()}`;
  if (at % day === 0) return `${month} ${date.getUTCDate()}`;
  return clockWords(at, step < minute);
}

/** `09:41`, or `09:41:07`. Throws a RangeError for a time that no date can hold. */
export const clockWords = (at: number, withSeconds = false): string =>
  new Date(at)
    .toISOString()
    .split("T", 2)[1]
    ?.slice(0, withSeconds ? 8 : 5) ?? "";

/** `2026-08-01`. Throws a RangeError for a time that no date can hold. */
export const dayWords = (at: number): string => new Date(at).toISOString().split("T", 1)[0] ?? "";

/** With seconds where the minutes say too little. */
function spanWords(from: number, to: number): string {
  const withSeconds = to - from < 5 * minute;
  const end = dayWords(from) === dayWords(to) ? "" : `${dayWords(to)} `;
  return `${dayWords(from)} ${clockWords(from, withSeconds)} to ${end}${clockWords(to, withSeconds)} UTC`;
}
