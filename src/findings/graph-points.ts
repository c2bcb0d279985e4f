/** The points of a graph's series: where they have gaps, and fewer of them that look the same. */
import type { GraphSeries } from "./blocks.ts";

type Point = GraphSeries["points"][number];

/** How much longer than the usual distance between points a distance is that makes a gap. */
const gapFactor = 1.5;
/** What makes a series steady: half of its points are at most that much further apart than the closest ones. */
const steadyFactor = 1.1;

/** The series in the order of time, with a null where values are missing. The usual distance is that of all series together. */
export function withGaps(series: readonly GraphSeries[]): GraphSeries[] {
  const ordered = series.map(({ name, points }) => ({ name, points: inOrder(points) }));
  const longest = gapLength(ordered.flatMap(({ points }) => distances(points)));
  return ordered.map(({ name, points }) => ({ name, points: trimmed(points.flatMap(markGap(longest))) }));
}

const maximumTime = 8.64e15;

const inOrder = (points: readonly Point[]): Point[] =>
  points
    .filter(([at]) => Math.abs(at) <= maximumTime)
    .map(([at, value]): Point => [Math.round(at) + 0, value === null || !isDrawable(value) ? null : sixDigits(value)])
    .sort(([a], [b]) => a - b);

/** A value that can be drawn with others: no infinite one, nor one whose distance from another could be. */
export const isDrawable = (value: number): boolean => Math.abs(value) < 1e300;

/** More digits than any screen can show only make findings longer; nor does one show that little. JSON has no negative zero. */
const sixDigits = (value: number): number => (Math.abs(value) < 1e-300 ? 0 : Number(value.toPrecision(6)) + 0);

const distances = (points: readonly Point[]): number[] =>
  points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));

/** From what distance on two points are not joined: none, where there is no steady distance. */
function gapLength(all: readonly number[]): number {
  const sorted = all.filter((distance) => distance > 0).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const steady = usual <= (sorted[0] ?? 0) * steadyFactor;
  return steady && usual > 0 ? usual * gapFactor : Number.POSITIVE_INFINITY;
}

const markGap =
  (longest: number) =>
  (point: Point, index: number, points: readonly Point[]): Point[] => {
    const before = points[index - 1];
    if (before === undefined) return [point];
    if (before[1] === null && point[1] === null) return [];
    const gap = before[1] !== null && point[1] !== null && point[0] - before[0] > longest;
    return gap ? [[Math.round((before[0] + point[0]) / 2), null], point] : [point];
  };

function trimmed(points: readonly Point[]): Point[] {
  const first = points.findIndex(([, value]) => value !== null);
  return first === -1 ? [] : points.slice(first, points.findLastIndex(([, value]) => value !== null) + 1);
}

/** What is kept of each of the equally long stretches: the lowest, the highest, and a gap. */
const keptOfStretch = 3;

/** At most so many points, of which there must be 5: the first, the last, the extremes on the way, and the gaps. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const stretches = Math.max(1, Math.floor((most - 2) / keptOfStretch));
  const length = Math.ceil(points.length / stretches);
  const kept = new Set([0, points.length - 1]);
  for (let start = 0; start < points.length; start += length) {
    for (const index of extremes(points, start, Math.min(points.length, start + length))) kept.add(index);
  }
  return points.filter((_, index) => kept.has(index));
}

function extremes(points: readonly Point[], start: number, end: number): readonly number[] {
  let lowest = -1;
  let highest = -1;
  let gap = -1;
  const at = (index: number): number => points[index]?.[1] ?? Number.NaN;
  for (let index = start; index < end; index += 1) {
    if (points[index]?.[1] === null) gap = index;
    else {
      if (lowest === -1 || at(index) < at(lowest)) lowest = index;
      if (highest === -1 || at(index) > at(highest)) highest = index;
    }
  }
  return [lowest, highest, gap].filter((index) => index !== -1);
}

/** So many series at most: those with the highest values, in the order in which they were given. */
export function highest<T extends GraphSeries>(series: readonly T[], count: number): readonly T[] {
  if (series.length <= count) return series;
  const ranked = series.map((one) => ({ one, maximum: maximumOf(one) })).sort((a, b) => b.maximum - a.maximum);
  const kept = new Set(ranked.slice(0, count).map(({ one }) => one));
  return series.filter((one) => kept.has(one));
}

const maximumOf = ({ points }: GraphSeries): number =>
  points.reduce((most, [, value]) => (value === null ? most : Math.max(most, value)), -Number.MAX_VALUE);
