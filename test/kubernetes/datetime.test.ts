import { describe, expect, it } from "vitest";
import { parseKubernetesDatetime } from "../../src/index.ts";

describe("parseKubernetesDatetime", () => {
  it.each([
    ["2026-08-01T12:00:00Z", "2026-08-01T12:00:00.000Z"],
    ["2026-08-01T12:00:00.5Z", "2026-08-01T12:00:00.500Z"],
    ["2026-08-01T12:00:00.123456Z", "2026-08-01T12:00:00.123Z"],
    ["2026-08-01T12:00:00.999999999Z", "2026-08-01T12:00:00.999Z"],
    ["2026-08-01T12:00:00+02:00", "2026-08-01T10:00:00.000Z"],
    ["2026-08-01T12:00:00.25-0330", "2026-08-01T15:30:00.250Z"],
    ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"],
  ])("reads %s", (text, moment) => {
    expect(parseKubernetesDatetime(text).toISOString()).toBe(moment);
  });

  it.each([
    "",
    "yesterday",
    "2026-08-01",
    "2026-08-01T12:00:00",
    "2026-02-30T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "1785585600",
  ])("says that %o is none", (text) => {
    expect(() => parseKubernetesDatetime(text)).toThrow(
      `${JSON.stringify(text)} is not a timestamp of Kubernetes; one looks like 2026-08-01T12:00:00Z.`,
    );
  });
});
