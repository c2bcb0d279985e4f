/** Values of a graph in words: `1.5 GiB`, `93 %`, `250k`. */
import type { GraphFormat } from "../findings/blocks.ts";

/** How values are written: divided by `divisor`, with a unit. */
export interface Unit {
  readonly divisor: number;
  /** With the space before it, where there is one. */
  readonly suffix: string;
}

const none: Unit = { divisor: 1, suffix: "" };

/** Descending, so that the first that a value reaches is its unit. */
const units: Readonly<Record<GraphFormat, readonly Unit[]>> = {
  plain: [
    { divisor: 1e12, suffix: "T" },
    { divisor: 1e9, suffix: "G" },
    { divisor: 1e6, suffix: "M" },
    { divisor: 1e3, suffix: "k" },
    none,
  ],
  bytes: [
    { divisor: 1024 ** 5, suffix: " PiB" },
    { divisor: 1024 ** 4, suffix: " TiB" },
    { divisor: 1024 ** 3, suffix: " GiB" },
    { divisor: 1024 ** 2, suffix: " MiB" },
    { divisor: 1024, suffix: " KiB" },
    { divisor: 1, suffix: " B" },
  ],
  percentage: [{ divisor: 0.01, suffix: " %" }],
  cpu_usage: [{ divisor: 1, suffix: " cores" }],
};

/** The unit in which a value of this size is best read. */
export function unitOf(value: number, format: GraphFormat): Unit {
  const size = Math.abs(value);
  const all = units[format];
  return all.find(({ divisor }) => size >= divisor) ?? all.at(-1) ?? none;
}

/** What is too large or too small for digits. */
const largest = 1e6;
const smallest = 1e-4;

/** A value in a unit with so many decimals. */
export function inUnit(value: number, { divisor, suffix }: Unit, decimals: number): string {
  const scaled = value / divisor;
  const size = Math.abs(scaled);
  const exponential = size >= largest || decimals > -Math.log10(smallest);
  const digits = exponential ? shortExponent(scaled) : scaled.toFixed(decimals);
  return `${Number(digits) === 0 ? digits.replace("-", "") : digits}${suffix}`;
}

const shortExponent = (value: number): string => (value === 0 ? "0" : value.toExponential(2).replace(/\.?0*e\+?/, "e"));

/** A value with three digits, in its own unit. */
export function valueWords(value: number, format: GraphFormat): string {
  const unit = unitOf(value, format);
  const scaled = Math.abs(value / unit.divisor);
  if (scaled !== 0 && scaled < smallest) return `${shortExponent(value / unit.divisor)}${unit.suffix}`;
  const decimals = scaled === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(scaled)));
  const digits = inUnit(value, { ...unit, suffix: "" }, decimals);
  return `${digits.includes(".") && !digits.includes("e") ? digits.replace(/\.?0+$/, "") : digits}${unit.suffix}`;
}
