/** What authors make blocks with. */
import { describe, expect, it } from "vitest";
import { analysis, callback, diff, emptyFile, table } from "../../src/findings/blocks.ts";
import { dedent } from "../../src/findings/dedent.ts";
import { kubernetesFields } from "../../src/findings/kubernetes-fields.ts";
import { gradeOf, scan } from "../../src/findings/scan.ts";
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };

describe("dedent", () => {
  it.each([
    ["\n    one\n      two\n    three", "one\n  two\nthree"],
    ["\n\tone\n\n\ttwo\n", "one\n\ntwo\n"],
    ["    one\n  two", "  one\ntwo"],
    ["one\n    two", "one\n    two"],
    ["", ""],
    ["   ", ""],
  ])("of %j is %j", (text, expected) => {
    expect(dedent(text)).toBe(expected);
  });
});

describe("the fields of an object", () => {
  const object = {
    metadata: { name: "api", labels: { "app.kubernetes.io/name": "checkout" } },
    spec: { replicas: 0, containers: [{ image: "api:v1" }, { image: "proxy:v2" }] },
  };

  it.each([
    ["metadata.name", "api"],
    ["spec.containers[1].image", "proxy:v2"],
    ["spec.containers.0.image", "api:v1"],
    ['metadata.labels["app.kubernetes.io/name"]', "checkout"],
    ["spec.replicas", "0"],
    ["spec.containers[0]", '{"image":"api:v1"}'],
    ["spec.containers[2].image", ""],
    ["metadata.name.length", ""],
    ["constructor.name", ""],
    ["status.phase", ""],
  ])("%s is %j", (field, value) => {
    expect(kubernetesFields(object, [field])).toEqual(table(["field", "value"], [[field, value]]));
  });

  it("are a table, with what they mean where that is told", () => {
    const fields = ["metadata.namespace", "status.phase"];
    const shown = kubernetesFields(podCrash, fields, { "status.phase": "where it is in its life" });
    expect(shown.headers).toEqual(["field", "value", "explanation"]);
    expect(shown.rows).toEqual([
      ["metadata.namespace", podCrash.metadata.namespace, ""],
      ["status.phase", podCrash.status.phase, "where it is in its life"],
    ]);
  });
});

describe("a scan", () => {
  const row = (name: string, severity: "critical" | "warning" | "info" | "ok") => ({ name, severity, found: [] });

  it("has its worst rows first, and those that are as bad in their order", () => {
    const rows = [row("a", "ok"), row("b", "critical"), row("c", "warning"), row("d", "critical")];
    const { rows: sorted } = scan({ title: "t", scanner: "popeye", startedAt: 0, endedAt: 0, rows });
    expect(sorted.map(({ name }) => name)).toEqual(["b", "d", "c", "a"]);
  });

  it.each([
    [100, "A"],
    [90, "A"],
    [89.9, "B"],
    [80, "B"],
    [70, "C"],
    [60, "D"],
    [50, "E"],
    [49, "F"],
    [0, "F"],
  ])("of %d points has the grade %s", (score, grade) => {
    expect(gradeOf(score)).toBe(grade);
  });
});

describe("choices", () => {
  it("are plain data, whatever they are made of", () => {
    const target = { kind: "Pod", metadata: { name: "api", namespace: "shop" }, status: {} };
    const made = callback([
      { text: "a", action: { name: "delete_pod" }, target },
      { text: "b", action: "http_get", params: { url: "http://x", headers: undefined } },
    ]);
    expect(made).toStrictEqual({
      type: "callback",
      choices: [
        { text: "a", action: "delete_pod", params: {}, target: { kind: "Pod", name: "api", namespace: "shop" } },
        { text: "b", action: "http_get", params: { url: "http://x" } },
      ],
    });
  });

  it("on an object of the whole cluster have no namespace", () => {
    const [choice] = callback([
      { text: "", action: "drain", target: { kind: "Node", metadata: { name: "n" } } },
    ]).choices;
    expect(choice?.target).toStrictEqual({ kind: "Node", name: "n" });
  });
});

it("an empty file, an answer and a diff have no field that says nothing", () => {
  const contents = { contents: "", encoding: "utf8" };
  expect(emptyFile("a.log", "why")).toStrictEqual({ type: "file", filename: "a.log", ...contents, remarks: "why" });
  expect(analysis("because")).toStrictEqual({ type: "analysis", text: "because", sections: [], evidence: [] });
  expect(diff("x", [])).toStrictEqual({ type: "diff", name: "x", changes: [] });
  expect(diff("x", [], "delete")).toStrictEqual({ type: "diff", name: "x", changes: [], operation: "delete" });
});
