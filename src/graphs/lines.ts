/** Limits with their names beside the plot, and moments with their names above it. */
import type { GraphBlock, GraphFormat } from "../findings/blocks.ts";
import { ink, lineFrom, textAt, textSize } from "./elements.ts";
import { fitWidth, textWidth } from "./text-width.ts";
import { valueWords } from "./values.ts";

/** A rectangle: where the plot is. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Lines = NonNullable<GraphBlock["lines"]>;
type Marks = NonNullable<GraphBlock["marks"]>;

const rowHeight = 15;
/** Of a limit's label; what is longer is shortened. */
const widestLabel = 170;
const gap = 8;

/** How much room the labels of limits take at the right of the plot. */
export const lineLabelsWidth = (lines: Lines, format: GraphFormat): number =>
  lines.length === 0 ? 0 : gap + Math.max(...lines.map((line) => textWidth(lineLabel(line, format), textSize)));

/** The name may be shortened, the value not. */
function lineLabel({ name, value }: Lines[number], format: GraphFormat): string {
  const words = valueWords(value, format);
  const room = widestLabel - textWidth(` ${words}`, textSize);
  return `${fitWidth(name, textSize, room)} ${words}`.trim();
}

export function drawLines(lines: Lines, format: GraphFormat, frame: Frame, y: (value: number) => number): string[] {
  const sorted = lines.map((line) => ({ line, at: y(line.value) })).sort((a, b) => a.at - b.at);
  const feet = spread(
    sorted.map(({ at }) => at + 4),
    frame.bottom + 4,
  );
  return sorted.flatMap(({ line, at }, index) => [
    lineFrom(frame.left, at, frame.right, at, ink, { "stroke-width": "1.5", "stroke-dasharray": "6 4" }),
    textAt(frame.right + gap, feet[index] ?? at, lineLabel(line, format), { fill: ink }),
  ]);
}

/** Ascending places, so far apart that labels do not touch, and the last of them not beyond the lowest. */
function spread(places: readonly number[], lowest: number): readonly number[] {
  const down: number[] = [];
  for (const place of places) down.push(Math.max(place, (down.at(-1) ?? -rowHeight) + rowHeight));
  const up: number[] = [];
  for (const place of down.toReversed()) up.push(Math.min(place, (up.at(-1) ?? lowest + rowHeight) - rowHeight));
  return up.toReversed();
}

/** A mark with its label beside the upper end of its line, like a flag. */
export interface PlacedMark {
  readonly x: number;
  readonly label: string;
  /** From where to where the label is. */
  readonly span: readonly [left: number, right: number];
  /** From the plot upwards: 0 is the row next to it. */
  readonly row: number;
}

const flagGap = 4;

/** Labels in rows, so that none touches another or the line of another. */
export function placeMarks(marks: Marks, { left, right }: Pick<Frame, "left" | "right">, x: (at: number) => number) {
  const sorted = [...marks].sort((a, b) => a.at - b.at);
  const flags = sorted.map(({ name, at }) => {
    const place = x(at);
    const [before, after] = [place - left, right - place];
    const label = fitWidth(name, textSize, Math.max(before, after) - flagGap);
    const length = textWidth(label, textSize) + flagGap;
    return {
      x: place,
      label,
      span: length <= after ? ([place, place + length] as const) : ([place - length, place] as const),
    };
  });
  const toTheRight = flags.filter((flag) => flag.span[0] === flag.x);
  const toTheLeft = flags.filter((flag) => flag.span[0] !== flag.x);
  const placed: PlacedMark[] = [];
  // The line of a flag that points to the right is left of all that came later, so those are beneath it; and the other way round.
  for (const flag of [...toTheRight.reverse(), ...toTheLeft]) placed.push({ ...flag, row: freeRow(flag, placed) });
  return placed;
}

function freeRow({ x, span }: Omit<PlacedMark, "row">, placed: readonly PlacedMark[]): number {
  const within = (place: number, [left, right]: PlacedMark["span"]) => place >= left - gap && place <= right + gap;
  const meets = (row: number) =>
    placed.some(
      (other) =>
        (other.row === row && other.span[0] <= span[1] + gap && span[0] <= other.span[1] + gap) ||
        (other.row >= row && within(other.x, span)) ||
        (other.row <= row && within(x, other.span)),
    );
  const rows = Array.from({ length: placed.length + 1 }, (_, row) => row);
  return rows.find((row) => !meets(row)) ?? placed.length;
}

export const markRowsHeight = (marks: readonly PlacedMark[]): number =>
  marks.reduce((rows, { row }) => Math.max(rows, row + 1), 0) * rowHeight;

export const drawMarks = (marks: readonly PlacedMark[], frame: Frame): string[] =>
  marks.flatMap(({ x, label, span, row }) => {
    const foot = frame.top - 6 - row * rowHeight;
    return [
      lineFrom(x, foot - 9, x, frame.bottom, ink, { "stroke-width": "1.5", "stroke-dasharray": "2 3" }),
      textAt(span[0] === x ? x + flagGap : span[0], foot, label, { fill: ink }),
    ];
  });
