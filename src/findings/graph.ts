/** Makes graph blocks, within bounds: a finding is kept, queued and sent, so what a query answered must not decide how long it is. */
import type { Block, GraphBlock, GraphFormat, GraphSeries } from "./blocks.ts";
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

interface Limits {
  readonly series: number;
  readonly pointsOfSeries: number;
  /** Of all series together. */
  readonly points: number;
}

const limits: Limits = { series: 20, pointsOfSeries: 300, points: 3_000 };
/** About 3 KB of JSON, where the names are short. */
const coarseLimits: Limits = { series: 8, pointsOfSeries: 60, points: 100 };

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
  const { format = "plain", legend } = options;
  const named = series.map(({ name, points }) => ({ name: cut(name), points }));
  const lines = (options.lines ?? []).filter(({ value }) => isDrawable(value)).slice(0, mostLines);
  const marks = (options.marks ?? []).filter(({ at }) => isTime(at)).slice(0, mostLines);
  return {
    type: "graph",
    title: cut(title),
    format,
    ...within(limits, withGaps(named)),
    ...(lines.length === 0 ? {} : { lines: lines.map(({ name, value }) => ({ name: cut(name), value })) }),
    ...(marks.length === 0 ? {} : { marks: marks.map(({ name, at }) => ({ name: cut(name), at })) }),
    ...(legend === undefined ? {} : { legend }),
  };
}

/** The blocks with the graphs among them in fewer points, for where there is little room: their shapes stay. */
export const withCoarseGraphs = (blocks: readonly Block[]): Block[] =>
  blocks.map((block) => (block.type === "graph" ? coarse(block) : block));

const coarse = ({ series, seriesLeftOut, ...block }: GraphBlock): GraphBlock => ({
  ...block,
  ...within(coarseLimits, series, seriesLeftOut),
});

function within(limits: Limits, series: readonly GraphSeries[], leftOutBefore = 0) {
  const kept = highest(series, limits.series);
  const most = Math.min(limits.pointsOfSeries, Math.floor(limits.points / Math.max(1, kept.length)));
  const seriesLeftOut = leftOutBefore + series.length - kept.length;
  return {
    series: kept.map(({ name, points }) => ({ name, points: thinned(points, most) })),
    ...(seriesLeftOut === 0 ? {} : { seriesLeftOut }),
  };
}

const cut = (text: string): string =>
  text.length <= mostInText ? text : `${text.slice(0, mostInText - 1).toWellFormed()}…`;

const isTime = (at: number): boolean => !Number.isNaN(new Date(at).getTime());
