import { describe, expect, it } from "vitest";
import { parseKubernetesQuantity } from "../../src/index.ts";

describe("parseKubernetesQuantity", () => {
  it.each([
    ["0", 0],
    ["2", 2],
    ["1.5", 1.5],
    [".5", 0.5],
    ["5.", 5],
    ["-1", -1],
    ["250m", 0.25],
    ["3m", 0.003],
    ["100u", 0.0001],
    ["1500000000n", 1.5],
    ["1k", 1000],
    ["1M", 1_000_000],
    ["1e3", 1000],
    ["12E-1", 1.2],
    ["2E", 2e18],
    ["64Mi", 67_108_864],
    ["24581692Ki", 25_171_652_608],
    ["1.5Gi", 1_610_612_736],
  ])("%s is %d", (text, number) => {
    expect(parseKubernetesQuantity(text)).toBe(number);
  });

  it.each(["", "x", "1 Gi", "1K", "1gi", "m", "1.2.3", "1e", "0x10", "Infinity"])("%j is none", (text) => {
    expect(() => parseKubernetesQuantity(text)).toThrow(`${JSON.stringify(text)} is not a quantity of Kubernetes`);
  });
});
