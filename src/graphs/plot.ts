/** The series themselves: lines with gaps, and dots where there is nothing to draw a line to. */
import type { GraphSeries } from "../findings/blocks.ts";
import { element } from "./elements.ts";
import { colourOf, strokeOf } from "./palette.ts";

/** From times and values to places in the drawing. */
export interface Scales {
  x(at: number): number;
  y(value: number): number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** From how many series on lines are thinner, so that they hide each other less. */
const crowd = 8;
const dotRadius = 3;

/** A series that is alone is filled down to the base, where there is one. */
export function drawSeries(series: readonly GraphSeries[], scales: Scales, base: number | undefined): string[] {
  const width = series.length > crowd ? 1.4 : 2;
  return series.flatMap(({ points }, index) => {
    const runs = runsOf(points, scales);
    const lines = runs.filter((run) => run.length > 1);
    const dots = runs.flatMap((run) => (run.length === 1 ? run : []));
    const path = lines.map((run) => `M${run.map(placeWords).join("L")}`).join("");
    const [stroke, style] = strokeOf(index, width);
    return [
      ...(series.length === 1 && base !== undefined ? lines.map((run) => area(run, base)) : []),
      ...(path === ""
        ? []
        : [element("path", { d: path, fill: "none", stroke, ...style, "stroke-linejoin": "round" })]),
      ...dots.map(({ x, y }) => element("circle", { cx: x, cy: y, r: dotRadius, fill: colourOf(index) })),
    ];
  });
}

/** What is between two gaps. */
function runsOf(points: GraphSeries["points"], { x, y }: Scales): readonly (readonly Place[])[] {
  const runs: Place[][] = [[]];
  for (const [at, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ x: x(at), y: y(value) });
  }
  return runs;
}

function area(run: readonly Place[], base: number): string {
  const [first, last] = [run[0]?.x ?? 0, run.at(-1)?.x ?? 0];
  const d = `M${tenth(first)} ${tenth(base)}L${run.map(placeWords).join("L")}L${tenth(last)} ${tenth(base)}Z`;
  return element("path", { d, fill: colourOf(0), "fill-opacity": "0.12" });
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

const placeWords = ({ x, y }: Place): string => `${tenth(x)} ${tenth(y)}`;
