/** Draws a graph. The same graph makes the same drawing, wherever and whenever. */
import type { GraphBlock } from "../findings/blocks.ts";
import { element, faintInk, ink, lineFrom, textAt, textSize } from "./elements.ts";
import { type Legend, layOutLegend } from "./legend.ts";
import { drawLines, drawMarks, type Frame, lineLabelsWidth, markRowsHeight, placeMarks } from "./lines.ts";
import { drawSeries, type Scales } from "./plot.ts";
import { fitWidth, textWidth } from "./text-width.ts";
import { type TimeAxis, timeAxis } from "./time-axis.ts";
import { type ValueAxis, valueAxis } from "./value-axis.ts";

const width = 900;
const height = 400;
const margin = 20;
const titleSize = 17;
const titleFoot = 32;
const headHeight = 50;
const timeLabelsHeight = 22;
const legendGap = 14;
const labelGap = 8;
/** How many times there are labels for at most: one in a hundred units or so. */
const mostTimeLabels = 9;
/** Where the last time's label ends. */
const timeLabelOverhang = 14;
const gridColour = "#e4e4e4";
const axisColour = "#8d8d8d";

/** A drawing of 900 by 400 on white, with text in DejaVu Sans. */
export function toSvg(graph: GraphBlock): string {
  const { title, format, series, lines = [] } = graph;
  const known = series.flatMap(({ points }) => points.filter(([, value]) => value !== null));
  const values = [...known.map(([, value]) => value ?? 0), ...lines.map(({ value }) => value)];
  const moments = (graph.marks ?? []).map(({ at }) => at);
  const times = timeAxis(
    known.map(([at]) => at),
    moments,
    mostTimeLabels,
  );
  const axis = valueAxis(values, format);
  const legend = layOutLegend(graph, width - 2 * margin);
  const { frame, scales, marks } = layOut(graph, axis, times, legend);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif">`,
    element("title", {}, title),
    element("rect", { width, height, fill: "#ffffff" }),
    ...drawHead(title, times),
    ...(values.length === 0 ? [] : drawValueAxis(axis, frame, scales)),
    ...drawTimeAxis(times, frame, scales),
    ...drawSeries(series, scales, axis.low <= 0 && axis.high >= 0 ? scales.y(0) : undefined),
    ...drawLines(lines, format, frame, scales.y),
    ...drawMarks(marks, frame),
    ...(times === undefined ? [noData(frame)] : []),
    ...legend.draw(margin, height - margin - legend.height + 4),
    "</svg>",
    "",
  ].join("\n");
}

/** The plot has what the labels around it leave. */
function layOut(
  { format, lines = [], marks = [] }: GraphBlock,
  axis: ValueAxis,
  times: TimeAxis | undefined,
  legend: Legend,
) {
  const left = margin + labelGap + Math.max(...axis.ticks.map(({ label }) => textWidth(label, textSize)));
  const right = width - margin - Math.max(timeLabelOverhang, lineLabelsWidth(lines, format));
  const { from, to } = times ?? { from: 0, to: 0 };
  const x = scale(from, to, left, right);
  const shown = marks.filter(({ at }) => from < to && at >= from && at <= to);
  const placed = placeMarks(shown, { left, right }, x);
  const frame: Frame = { left, right, top: headHeight + markRowsHeight(placed), bottom: bottomOf(legend) };
  return { frame, scales: { x, y: scale(axis.low, axis.high, frame.bottom, frame.top) }, marks: placed };
}

const bottomOf = ({ height: legendHeight }: Legend): number =>
  height - margin + 4 - timeLabelsHeight - (legendHeight === 0 ? 0 : legendHeight + legendGap);

const scale = (from: number, to: number, low: number, high: number) => (value: number) =>
  low + ((value - from) / (to - from)) * (high - low);

function drawHead(title: string, times: TimeAxis | undefined): string[] {
  const words = times?.words ?? "";
  const room = width - 3 * margin - textWidth(words, textSize);
  return [
    textAt(margin, titleFoot, fitWidth(title, titleSize, room), { size: titleSize, fill: ink }),
    textAt(width - margin, titleFoot, words, { anchor: "end" }),
  ];
}

const drawValueAxis = ({ ticks }: ValueAxis, { left, right }: Frame, { y }: Scales): string[] =>
  ticks.flatMap(({ value, label }) => [
    lineFrom(left, y(value), right, y(value), value === 0 ? axisColour : gridColour),
    textAt(left - labelGap, y(value) + 4, label, { anchor: "end" }),
  ]);

function drawTimeAxis(times: TimeAxis | undefined, { left, right, bottom }: Frame, { x }: Scales): string[] {
  const ticks = times?.ticks ?? [];
  return [
    lineFrom(left, bottom, right, bottom, axisColour),
    ...ticks.flatMap(({ at, label }) => [
      lineFrom(x(at), bottom, x(at), bottom + 4, axisColour),
      textAt(x(at), bottom + timeLabelsHeight - 4, label, { anchor: "middle" }),
    ]),
  ];
}

const noData = ({ left, right, top, bottom }: Frame): string =>
  textAt((left + right) / 2, (top + bottom) / 2, "no data", { size: titleSize, anchor: "middle", fill: faintInk });
