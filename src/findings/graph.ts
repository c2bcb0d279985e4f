/** Makes graph blocks, within bounds: a finding is kept, queued and sent, so what a query answered must not decide how long it is. */
import type { GraphBlock, GraphFormat } from "./blocks.ts";
import { highest, isDrawable, thinned, withGaps } from "./graph-points.ts";

/** What `graph` takes of a series: the points of a range query as they are, also NaN and infinite ones. */
export interface GraphInput {
  readonly name: string;
  readonly points: readonly (readonly [at: number, value: number | null])[];
}

export interface GraphOptions extends Pick<GraphBlock, "lines" | "marks" | "legend"> {
  /** `plain` where it is left out. */
  readonly format?: GraphFormat;
}

const mostSeries = 20;
const mostPointsOfSeries = 300;
const mostPoints = 3_000;
const mostLines = 5;
const mostInText = 200;

/**
 * A graph of at most 20 series, those with the highest values, and 3,000 points, at most 300 of a series: of more than that, the first,
 * the last and the extremes are kept. Where points are missing in an otherwise steady series, and where a value is no finite number,
 * the line has a gap. At most 5 lines and 5 marks.
 *
 * @example graph("CPU usage", [{ name: "checkout-7d9f", points }], { format: "cpu_usage", lines: [{ name: "limit", value: 2 }] })
 */
export function graph(title: string, series: readonly GraphInput[], options: GraphOptions = {}): GraphBlock {
  const { format = "plain", lines = [], marks = [], legend } = options;
  const kept = highest(withGaps(series.map(({ name, points }) => ({ name: cut(name), points }))), mostSeries);
  const most = Math.min(mostPointsOfSeries, Math.floor(mostPoints / Math.max(1, kept.length)));
  const left = series.length - kept.length;
  const bounded = {
    lines: lines
      .filter(({ value }) => isDrawable(value))
      .slice(0, mostLines)
      .map(({ name, value }) => ({ name: cut(name), value })),
    marks: marks
      .filter(({ at }) => isTime(at))
      .slice(0, mostLines)
      .map(({ name, at }) => ({ name: cut(name), at })),
  };
  return {
    type: "graph",
    title: cut(title),
    format,
    series: kept.map(({ name, points }) => ({ name, points: thinned(points, most) })),
    ...(left === 0 ? {} : { seriesLeftOut: left }),
    ...(bounded.lines.length === 0 ? {} : { lines: bounded.lines }),
    ...(bounded.marks.length === 0 ? {} : { marks: bounded.marks }),
    ...(legend === undefined ? {} : { legend }),
  };
}

const cut = (text: string): string =>
  text.length <= mostInText ? text : `${text.slice(0, mostInText - 1).toWellFormed()}…`;

const isTime = (at: number): boolean => !Number.isNaN(new Date(at).getTime());
