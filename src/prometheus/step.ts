/** How far apart the points of a range are. */
import type { QueryRange } from "./prometheus.ts";

/** What a graph can show. */
const wantedPoints = 250;
/** https://github.com/prometheus/prometheus/blob/v2.42.0/web/api/v1/api.go (query_range: "exceeded maximum resolution of 11,000 points") */
const mostPoints = 11_000;

/** Seconds. Throws a RangeError for a range that is none. */
export function chooseStep({ start, end, stepSeconds }: QueryRange): number {
  const seconds = (end - start) / 1_000;
  if (!(seconds >= 0 && Number.isFinite(seconds))) throw new RangeError(`a range cannot be from ${start} to ${end}`);
  if (stepSeconds === undefined) return Math.max(1, Math.ceil(seconds / (wantedPoints - 1)));
  if (!(stepSeconds > 0)) throw new RangeError(`a step cannot be ${stepSeconds} seconds`);
  const least = seconds / (mostPoints - 1);
  return stepSeconds >= least ? stepSeconds : Math.ceil(least);
}
