/** Graphs in words, for those who cannot see them, and where they cannot be drawn. */
import type { GraphBlock, GraphFormat, GraphSeries } from "../findings/blocks.ts";
import { highest } from "../findings/graph-points.ts";
import { clockWords, dayWords } from "./time-axis.ts";
import { valueWords } from "./values.ts";

export interface WordsOptions {
  /** How many series are told of: those with the highest values. */
  readonly series: number;
  /** Whether the shape of each is shown, in at most 24 characters of equal width. */
  readonly sparklines: boolean;
}

/**
 * A line for each series: `checkout-7d9f: last 0.93 cores, highest 1.2 cores at 14:03 UTC  ▁▂▅█▇`, and one for each limit and mark. The
 * title is not among them.
 */
export function graphLines(graph: GraphBlock, options: WordsOptions): string[] {
  const { series, seriesLeftOut = 0, format, lines = [], marks = [] } = graph;
  const at = timeWords(spanOf(graph) >= day);
  const told = highest(series, options.series).map((one) => seriesLine(one, format, at, options));
  const left = series.length - told.length + seriesLeftOut;
  return [
    ...(told.length === 0 ? ["no data"] : told),
    ...(left === 0 ? [] : [`and ${left} more`]),
    ...lines.map(({ name, value }) => `${name}: ${valueWords(value, format)}`),
    ...marks.map((mark) => `${mark.name}: ${at(mark.at)}`),
  ];
}

const day = 86_400_000;

function spanOf({ series }: GraphBlock): number {
  const ends = series.flatMap(({ points }) => [points[0]?.[0] ?? [], points.at(-1)?.[0] ?? []]).flat();
  return Math.max(...ends) - Math.min(...ends);
}

const timeWords =
  (withDay: boolean) =>
  (at: number): string => {
    if (Number.isNaN(new Date(at).getTime())) return "an unknown time";
    return `${withDay ? `${dayWords(at)} ` : ""}${clockWords(at)} UTC`;
  };

interface Known {
  readonly at: number;
  readonly value: number;
}

function seriesLine(
  { name, points }: GraphSeries,
  format: GraphFormat,
  timeOf: (at: number) => string,
  { sparklines }: WordsOptions,
): string {
  const named = name === "" ? "" : `${name}: `;
  const known = points.flatMap(([at, value]): Known[] => (value === null ? [] : [{ at, value }]));
  const last = known.at(-1);
  if (last === undefined) return `${named}no data`;
  const top = known.reduce((most, one) => (one.value > most.value ? one : most));
  const words = `last ${valueWords(last.value, format)}, highest ${valueWords(top.value, format)} at ${timeOf(top.at)}`;
  return `${named}${words}${sparklines ? `  ${sparkline(known)}` : ""}`;
}

const bars = "▁▂▃▄▅▆▇█";
const sparklineLength = 24;

/** Of each stretch of time the highest value, a space where there is none. */
function sparkline(known: readonly Known[]): string {
  const start = known[0]?.at ?? 0;
  const span = (known.at(-1)?.at ?? start) - start;
  const columns = new Array<number | undefined>(span > 0 ? Math.min(known.length, sparklineLength) : 1).fill(undefined);
  for (const { at, value } of known) {
    const column = span > 0 ? Math.min(columns.length - 1, Math.floor(((at - start) / span) * columns.length)) : 0;
    columns[column] = Math.max(value, columns[column] ?? value);
  }
  const values = columns.filter((value) => value !== undefined);
  const lowest = Math.min(...values);
  const height = Math.max(...values) - lowest;
  return columns.map((value) => bar(value === undefined ? undefined : (value - lowest) / (height || 1))).join("");
}

/** A bar for a part of the height. */
const bar = (part: number | undefined): string =>
  part === undefined ? " " : (bars[Math.round(part * (bars.length - 1))] ?? "");
