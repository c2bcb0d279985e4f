/** The value axis: from where to where, and at which round values its lines are. */
import type { GraphFormat } from "../findings/blocks.ts";
import { inUnit, unitOf } from "./values.ts";

export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** How many steps there are at most. */
const steps = 7;

/** An axis on which all the values are, and zero, but for numbers that would be a flat line above it. */
export function valueAxis(values: readonly number[], format: GraphFormat): ValueAxis {
  const [least, most] = extent(values, format);
  const unit = unitOf(Math.max(Math.abs(least), Math.abs(most)), format);
  const step = niceStep((most - least) / unit.divisor / steps);
  const first = Math.floor(least / unit.divisor / step + tolerance);
  const last = Math.ceil(most / unit.divisor / step - tolerance);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + tolerance));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step * unit.divisor;
    return { value, label: inUnit(value, unit, value === 0 ? 0 : decimals) };
  });
  return { low: first * step * unit.divisor, high: last * step * unit.divisor, ticks };
}

/** Of what rounding leaves. */
const tolerance = 1e-9;

/** Numbers that vary by a smaller part than the first, and a greater than the second, are shown without zero. */
const smallPart = 0.1;
const noise = 1e-3;

function extent(values: readonly number[], format: GraphFormat): readonly [least: number, most: number] {
  const least = values.reduce((a, b) => Math.min(a, b), Number.MAX_VALUE);
  const most = values.reduce((a, b) => Math.max(a, b), -Number.MAX_VALUE);
  if (least > most || (least === 0 && most === 0)) return [0, 1];
  const part = (most - least) / Math.max(Math.abs(least), Math.abs(most));
  if (format === "plain" && part < smallPart && part > noise) return [least, most];
  return [Math.min(0, least), Math.max(0, most)];
}

/** The next greater of 1, 2 and 5 times a power of ten. */
export function niceStep(least: number): number {
  const exponent = Math.floor(Math.log10(least));
  const power = 10 ** Math.abs(exponent);
  // Divided by a power of ten, as there is no exact tenth.
  const times = (factor: number) => (exponent < 0 ? factor / power : factor * power);
  return times([1, 2, 5, 10].find((factor) => times(factor) >= least * (1 - tolerance)) ?? 10);
}
