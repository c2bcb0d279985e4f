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

/** A value in a unit with so many decimals; one with a power of ten where that would be too long to read. */
export function inUnit(value: number, { divisor, suffix }: Unit, decimals: number): string {
  const scaled = value / divisor;
  if (scaled === 0) return suffix.startsWith(" ") ? `0${suffix}` : "0";
  const size = Math.abs(scaled);
  if (size >= largest) return powerOfTen(value, divisor === 1 || suffix.startsWith(" ") ? { divisor, suffix } : none);
  if (size < smallest) return powerOfTen(value, { divisor, suffix });
  return `${scaled.toFixed(decimals)}${suffix}`;
}

const powerOfTen = (value: number, { divisor, suffix }: Unit): string =>
  `${(value / divisor).toExponential(2).replace(/\.?0*e\+?/, "e")}${suffix}`;

/** What three digits round up at most, so that 999,999 is 1M and not 1000k. */
const halfDigit = 5e-4;

/** A value with three digits, in its own unit. */
export function valueWords(value: number, format: GraphFormat): string {
  const unit = unitOf(value * (1 + halfDigit), format);
  const scaled = Math.abs(value / unit.divisor);
  const decimals = scaled < smallest ? 0 : Math.max(0, 2 - Math.floor(Math.log10(scaled)));
  const words = inUnit(value, unit, decimals);
  return words.replace(/^(-?\d+)(?:\.0+|(\.\d*?)0+)(?!\d|e)/, "$1$2").replace(/^(-?1) cores$/, "$1 core");
}
