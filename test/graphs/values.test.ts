import { describe, expect, it } from "vitest";
import type { GraphFormat } from "../../src/findings/blocks.ts";
import { valueAxis } from "../../src/graphs/value-axis.ts";
import { valueWords } from "../../src/graphs/values.ts";

const MiB = 2 ** 20;
const GiB = 2 ** 30;

describe("a value in words", () => {
  it.each<[number, GraphFormat, string]>([
    [0, "plain", "0"],
    [-0, "plain", "0"],
    [42, "plain", "42"],
    [100, "plain", "100"],
    [0.00544, "plain", "0.00544"],
    [0.00003, "plain", "3e-5"],
    [1_200, "plain", "1.2k"],
    [999_999, "plain", "1M"],
    [-2_500_000, "plain", "-2.5M"],
    [3.456e9, "plain", "3.46G"],
    [7e12, "plain", "7T"],
    [3e20, "plain", "3e20"],
    [0, "bytes", "0 B"],
    [512, "bytes", "512 B"],
    [1.5 * MiB, "bytes", "1.5 MiB"],
    [1_023.9 * MiB, "bytes", "1 GiB"],
    [GiB, "bytes", "1 GiB"],
    [0.814, "percentage", "81.4 %"],
    [12.5, "percentage", "1250 %"],
    [0.93, "cpu_usage", "0.93 cores"],
    [1, "cpu_usage", "1 core"],
    [0.002, "cpu_usage", "0.002 cores"],
  ])("%d as %s is %s", (value, format, expected) => {
    expect(valueWords(value, format)).toBe(expected);
  });
});

describe("a value axis", () => {
  it.each<[string, number[], GraphFormat, string[]]>([
    ["starts at zero", [3, 9], "plain", ["0", "2", "4", "6", "8", "10"]],
    [
      "has one unit",
      [1.2 * GiB, 100 * MiB],
      "bytes",
      ["0 GiB", "0.2 GiB", "0.4 GiB", "0.6 GiB", "0.8 GiB", "1.0 GiB", "1.2 GiB"],
    ],
    [
      "has round numbers of its unit",
      [900 * MiB],
      "bytes",
      ["0 MiB", "200 MiB", "400 MiB", "600 MiB", "800 MiB", "1000 MiB"],
    ],
    ["ends at the highest where that is round", [1], "percentage", ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]],
    [
      "has decimals where the steps have",
      [0.012],
      "plain",
      ["0", "0.002", "0.004", "0.006", "0.008", "0.010", "0.012"],
    ],
    ["is below zero", [-60, 41], "plain", ["-60", "-40", "-20", "0", "20", "40", "60"]],
    ["is only below zero", [-3], "plain", ["-3.0", "-2.5", "-2.0", "-1.5", "-1.0", "-0.5", "0"]],
    [
      "is near numbers that vary little",
      [12_297, 12_418],
      "plain",
      ["12.28k", "12.30k", "12.32k", "12.34k", "12.36k", "12.38k", "12.40k", "12.42k"],
    ],
    ["but has zero where that is noise", [5, 5.000_001], "plain", ["0", "1", "2", "3", "4", "5", "6"]],
    [
      "and where they are no plain numbers",
      [0.95, 0.96],
      "cpu_usage",
      ["0 cores", "0.2 cores", "0.4 cores", "0.6 cores", "0.8 cores", "1.0 cores"],
    ],
    ["shows nothing but zeros", [0, 0], "plain", ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    ["has powers of ten for what is huge", [3e20], "plain", ["0", "5e19", "1e20", "1.5e20", "2e20", "2.5e20", "3e20"]],
    ["has powers of ten for what is tiny", [3e-5], "plain", ["0", "5e-6", "1e-5", "1.5e-5", "2e-5", "2.5e-5", "3e-5"]],
  ])("%s", (_, values, format, expected) => {
    expect(valueAxis(values, format).ticks.map(({ label }) => label)).toEqual(expected);
  });
});
