/** Graphs in words, for those who cannot see them, and where they cannot be drawn. */
import type { GraphBlock, GraphFormat, GraphSeries } from "../findings/blocks.ts";
import { valueWords } from "./values.ts";

export interface WordsOptions {
  /** How many series are told of. */
  readonly series: number;
  /** Whether the shape of each is shown, in 24 characters of equal width. */
  readonly sparklines: boolean;
}

/**
 * A line for each series: `checkout-7d9f: last 0.93 cores, highest 1.2 cores at 14:03 UTC  ▁▂▅█▇`, and one for each limit and mark. The
 * title is not among them.
 */
export function graphLines(graph: GraphBlock, options: WordsOptions): string[] {
  const { series, seriesLeftOut = 0, format, lines = [], marks = [] } = graph;
  const told = series.slice(0, options.series).map((one) => seriesLine(one, format, options));
  const left = series.length - told.length + seriesLeftOut;
  return [
    ...(told.length === 0 ? ["no data"] : told),
    ...(left === 0 ? [] : [`and ${left} more`]),
    ...lines.map(({ name, value }) => `${name}: ${valueWords(value, format)}`),
    ...marks.map(({ name, at }) => `${name}: ${clock(at)}`),
  ];
}

interface Known {
  readonly at: number;
  readonly value: number;
}

const knownOf = ({ points }: GraphSeries): Known[] =>
  points.flatMap(([at, value]) => (value === null ? [] : [{ at, value }]));

function seriesLine(series: GraphSeries, format: GraphFormat, { sparklines }: WordsOptions): string {
  const named = series.name === "" ? "" : `${series.name}: `;
  const known = knownOf(series);
  const last = known.at(-1);
  if (last === undefined) return `${named}no data`;
  const highest = known.reduce((most, one) => (one.value > most.value ? one : most));
  const words = `last ${valueWords(last.value, format)}, highest ${valueWords(highest.value, format)} at ${clock(highest.at)}`;
  return `${named}${words}${sparklines ? `  ${sparkline(known)}` : ""}`;
}

const clock = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`;

const bars = "▁▂▃▄▅▆▇█";
const sparklineLength = 24;

/** The shape of a series in 24 characters: of each stretch of time the highest value, a space where there is none. */
function sparkline(known: readonly Known[]): string {
  const start = known[0]?.at ?? 0;
  const span = (known.at(-1)?.at ?? start) - start;
  const columns = new Array<number | undefined>(span === 0 ? 1 : sparklineLength).fill(undefined);
  for (const { at, value } of known) {
    const column = span === 0 ? 0 : Math.min(columns.length - 1, Math.floor(((at - start) / span) * columns.length));
    columns[column] = Math.max(value, columns[column] ?? value);
  }
  const values = columns.filter((value) => value !== undefined);
  const lowest = Math.min(...values);
  const height = Math.max(...values) - lowest;
  const bar = (value: number | undefined): string =>
    value === undefined
      ? " "
      : (bars[height === 0 ? 0 : Math.round(((value - lowest) / height) * (bars.length - 1))] ?? "");
  return columns.map(bar).join("").trimEnd();
}
