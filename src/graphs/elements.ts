/** The pieces of a drawing. Everything from outside goes through here, and is escaped. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its attributes in the order given, and without those that are undefined. */
export function element(name: string, attributes: Attributes, text?: string): string {
  const all = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? "" : ` ${key}="${written(value)}"`,
  );
  return `<${name}${all.join("")}${text === undefined ? "/>" : `>${escaped(text)}</${name}>`}`;
}

/** A tenth of a unit is less than anybody sees. */
const written = (value: string | number): string =>
  typeof value === "number" ? String(Math.round(value * 10) / 10) : escaped(value);

/** What XML cannot hold at all is left out. https://www.w3.org/TR/xml/#charsets */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\ufffe\uffff]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly fill?: string;
}

export const ink = "#1d1c1d";
export const faintInk = "#616061";
/** Of labels; titles are larger. */
export const textSize = 12;

/** Text whose foot is at y. */
export const textAt = (x: number, y: number, text: string, style: TextStyle = {}): string => {
  const { size = textSize, anchor = "start", fill = faintInk } = style;
  return element("text", { x, y, "font-size": size, "text-anchor": anchor, fill }, text);
};

export const lineFrom = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  style: Attributes = {},
): string => element("line", { x1, y1, x2, y2, stroke, ...style });
