import { describe, expect, it } from "vitest";
import { labelsMatch, type Scope, scopeRefusal, scopeSchema } from "../src/scope.ts";

const subject = {
  name: "checkout-7d9f",
  namespace: "shop",
  node: undefined,
  labels: { app: "checkout", tier: "web" },
  annotations: {},
  attributes: (expression: string) => expression === "status.phase=Pending",
};

describe("scope", () => {
  it.each<[string, Scope | undefined, boolean]>([
    ["none takes all", undefined, true],
    ["the whole text has to match", { include: [{ name: "checkout" }] }, false],
    ["with an expression for the whole text", { include: [{ name: "checkout-.*" }] }, true],
    ["any matcher is enough", { include: [{ name: "x" }, { namespace: "shop" }] }, true],
    ["every attribute of a matcher", { include: [{ name: "checkout-.*", namespace: "x" }] }, false],
    ["any expression of an attribute", { include: [{ namespace: ["x", "sh.p"] }] }, true],
    ["what the subject does not have", { include: [{ node: ".*" }] }, false],
    ["labels", { include: [{ labels: "app=check.*,tier=web" }] }, true],
    ["an attribute with a test of its own", { include: [{ attributes: "status.phase=Pending" }] }, true],
    ["exclude comes first", { include: [{ namespace: "shop" }], exclude: [{ labels: ["x=y", "tier=web"] }] }, false],
    ["exclude alone", { exclude: [{ namespace: "other" }] }, true],
  ])("%s", (_, scope, taken) => {
    expect(scopeRefusal(scope, subject) === undefined).toBe(taken);
  });

  it("says why it does not take something", () => {
    expect(scopeRefusal({ include: [{ namespace: ["a", "b"] }, { name: "x" }] }, subject)?.()).toBe(
      "scope.include does not match namespace a or b or name x",
    );
    expect(scopeRefusal({ exclude: [{ namespace: "shop" }] }, subject)?.()).toBe(
      "scope.exclude matches namespace shop",
    );
  });
});

describe("label expressions", () => {
  const labels = { app: "oomkill-1", env: "x,y", "a.b/c": "d=e" };
  it.each([
    ["app=oomkill-.*", true],
    ["app=oomkill", false],
    ["app!=web", true],
    ["app!=oomkill-.*", false],
    ["app=oomkill-.*,app!=.*2", true],
    ["app=oomkill-.*, app=web", false],
    ["missing=.*", false],
    ["missing!=x", false],
    ["app=.{1,20}", true],
    ["env=x,y", true],
    ["a.b/c=d=e", true],
    ["toString=.*", false],
  ])("%s", (expression, expected) => {
    expect(labelsMatch(expression, labels)).toBe(expected);
  });
});

describe("the schema of a scope", () => {
  const schema = scopeSchema(["name", "labels"], { type: "Findings have no type here." });
  it.each([
    [{ include: [{ name: "a", labels: ["b=c"] }] }, undefined],
    [{}, /`include`, `exclude`, or both/],
    [{ include: [] }, /at least one matcher/],
    [{ include: [{}] }, /at least one attribute/],
    [{ include: [{ nmae: "a" }] }, /nmae/],
    [{ include: [{ type: "issue" }] }, /Findings have no type here/],
    [{ include: [{ name: "(" }] }, /is not a regular expression/],
    [{ include: [{ labels: "app" }] }, /label=regex/],
    [{ include: [{ labels: "app=(" }] }, /is not a regular expression/],
    [{ include: { name: "a" } }, /array/],
  ])("%j", (scope, problem) => {
    const { error } = schema.safeParse(scope);
    if (problem === undefined) expect(error).toBeUndefined();
    else expect(JSON.stringify(error?.issues).replaceAll('\\"', '"')).toMatch(problem);
  });
});
