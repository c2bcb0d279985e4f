/** The names of the series beneath the plot, in columns; where there are too many, those of the highest. */
import type { GraphBlock } from "../findings/blocks.ts";
import { highest } from "../findings/graph-points.ts";
import { ink, lineFrom, textAt, textSize } from "./elements.ts";
import { strokeOf } from "./palette.ts";
import { fitWidth, textWidth } from "./text-width.ts";

export interface Legend {
  readonly height: number;
  /** Its elements, with its upper edge at y. */
  draw(x: number, y: number): readonly string[];
}

const rowHeight = 18;
const mostRows = 4;
const mostColumns = 6;
/** The piece of line before a name, and the room after one. */
const swatch = 24;
const swatchGap = 6;
const columnGap = 20;

export function layOutLegend({ series, seriesLeftOut = 0, legend }: GraphBlock, width: number): Legend {
  const named = series.flatMap((one, index) =>
    one.name.trim() === "" || one.points.length === 0 ? [] : [{ ...one, index }],
  );
  if (legend === false || named.length === 0) return { height: 0, draw: () => [] };
  const widest = Math.max(...named.map(({ name }) => textWidth(name, textSize))) + swatch + swatchGap + columnGap;
  const leastColumns = Math.min(3, named.length);
  const columns = Math.min(mostColumns, Math.max(leastColumns, Math.floor((width + columnGap) / widest)));
  const columnWidth = Math.min(widest, (width + columnGap) / columns);
  const places = columns * mostRows;
  const crowded = named.length + (seriesLeftOut > 0 ? 1 : 0) > places;
  const shown = crowded ? highest(named, places - 1) : named;
  const left = named.length - shown.length + seriesLeftOut;
  const cells = shown.length + (left > 0 ? 1 : 0);
  const placeOf = (cell: number, x: number, y: number) => ({
    x: x + (cell % columns) * columnWidth,
    y: y + Math.floor(cell / columns) * rowHeight + textSize,
  });
  return {
    height: Math.ceil(cells / columns) * rowHeight,
    draw(x, y) {
      const entries = shown.flatMap(({ name, index }, cell) => {
        const place = placeOf(cell, x, y);
        const room = columnWidth - swatch - swatchGap - columnGap;
        return [
          lineFrom(place.x, place.y - 4, place.x + swatch, place.y - 4, ...strokeOf(index, 2.5)),
          textAt(place.x + swatch + swatchGap, place.y, fitWidth(name, textSize, room), { fill: ink }),
        ];
      });
      const last = placeOf(shown.length, x, y);
      return left === 0 ? entries : [...entries, textAt(last.x, last.y, `and ${left} more`)];
    },
  };
}
