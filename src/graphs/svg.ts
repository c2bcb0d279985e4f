/** Draws a graph. The same graph makes the same drawing, wherever and whenever. */
import type { GraphBlock } from "../findings/blocks.ts";

const width = 900;
const height = 400;

/** A drawing of 900 by 400 on white. */
export function toSvg({ title, series }: GraphBlock): string {
  const all = series.flatMap(({ points }) => points);
  const times = all.map(([at]) => at);
  const values = all.flatMap(([, value]) => (value === null ? [] : [value]));
  const x = scale(Math.min(...times), Math.max(...times), 60, width - 20);
  const y = scale(Math.min(0, ...values), Math.max(0, ...values), height - 40, 50);
  const lines = series.map(({ points }) => {
    const path = points.flatMap(([at, value]) =>
      value === null ? [] : [`${x(at).toFixed(1)},${y(value).toFixed(1)}`],
    );
    return `<polyline points="${path.join(" ")}" fill="none" stroke="#0072b2"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="20" y="30" font-size="16">${escaped(title)}</text>`,
    ...lines,
    "</svg>",
  ].join("\n");
}

const scale = (from: number, to: number, low: number, high: number) => (value: number) =>
  to > from ? low + ((value - from) / (to - from)) * (high - low) : (low + high) / 2;

const escaped = (text: string): string =>
  text.toWellFormed().replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
