import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/delivery.ts";
import { alertDescription, alertSeverity, alertTitle, prometheusQuery } from "../../src/playbooks/alert-texts.ts";

const alert = (facts: Partial<Alert>): Alert => ({
  status: "firing",
  labels: {},
  annotations: {},
  fingerprint: "0123456789abcdef",
  ...facts,
});

describe("an alert says", () => {
  it.each<[Partial<Alert>, string]>([
    [{ annotations: { summary: "Down" }, labels: { alertname: "Up" } }, "Down"],
    [{ labels: { alertname: "Up" } }, "Up"],
    [{ annotations: { summary: "" }, labels: { alertname: "Up" } }, "Up"],
    [{}, "Alert without a name"],
  ])("its title: %o is %j", (facts, title) => {
    expect(alertTitle(alert(facts))).toBe(title);
  });

  it.each<[Record<string, string>, string | undefined]>([
    [{ description: "a", message: "b" }, "a"],
    [{ message: "b" }, "b"],
    [{}, undefined],
    [{ description: "CPU is high\n  LABELS = map[pod:x namespace:y]" }, "CPU is high"],
    [{ description: "CPU is high LABELS: map[pod:x]\n" }, "CPU is high"],
    [{ description: "The LABELS of LABELS = map[a:b]" }, "The LABELS of"],
    [{ description: "LABELS = map[a:b] are in the middle" }, "LABELS = map[a:b] are in the middle"],
    [{ description: `${" ".repeat(70_000)}x` }, `${" ".repeat(70_000)}x`],
    [{ description: "LABELS=map[".repeat(7_000) }, "LABELS=map[".repeat(7_000)],
  ])("its description, %#", (annotations, description) => {
    expect(alertDescription(alert({ annotations }))).toBe(description);
  });

  it.each<[string | undefined, string | undefined]>([
    ["http://prometheus/graph?g0.expr=up+%3D%3D+0&g0.tab=1", "up == 0"],
    ["http://prometheus/graph", undefined],
    ["not a URL", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("its query: of %j %j", (generatorUrl, query) => {
    expect(prometheusQuery(alert(generatorUrl === undefined ? {} : { generatorUrl }))).toBe(query);
  });

  it.each([
    ["critical", "HIGH"],
    ["Error", "HIGH"],
    ["warning", "LOW"],
    ["info", "INFO"],
    ["debug", "DEBUG"],
    ["page", "MEDIUM"],
    ["none", "INFO"],
    ["__proto__", "INFO"],
    ["constructor", "INFO"],
    ["", "INFO"],
  ])("its severity: %s is %s", (severity, expected) => {
    expect(alertSeverity(alert({ labels: { severity } }), { page: "MEDIUM" })).toBe(expected);
  });
});
