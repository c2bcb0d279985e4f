import { describe, expect, it } from "vitest";
import * as z from "zod";
import { givenParams } from "../../src/cli/given-params.ts";

const { $schema: _, ...schema } = z.toJSONSchema(
  z.strictObject({
    text: z.string().optional(),
    lines: z.int().optional(),
    share: z.number().nullish(),
    deep: z.boolean().optional(),
    mode: z.enum(["fast", "1"]).optional(),
    either: z.union([z.string(), z.int()]).optional(),
    names: z.array(z.string()).optional(),
    ports: z.array(z.int()).nullish(),
    labels: z.record(z.string(), z.int()).optional(),
    part: z.strictObject({ inner: z.strictObject({ on: z.boolean() }) }).optional(),
  }),
  { io: "input" },
);
const params = (...given: readonly string[]) => {
  const read = givenParams(given, JSON.parse(JSON.stringify(schema)));
  expect(read.problems).toEqual([]);
  return read.params;
};

describe("a param on the command line", () => {
  it.each<[string, readonly string[], unknown]>([
    ["is text where text is wanted", ["text=20"], { text: "20" }],
    ["is a number", ["lines=20", "share=-0.5"], { lines: 20, share: -0.5 }],
    ["is true or false", ["deep=true"], { deep: true }],
    ["is text where either may be", ["either=7"], { either: "7" }],
    ["is one of some words", ["mode=1"], { mode: "1" }],
    ["stays text where it is nothing that is wanted", ["lines=many", "deep=yes"], { lines: "many", deep: "yes" }],
    ["may be empty", ["text="], { text: "" }],
    ["may hold equals signs, colons and lines", ["text=a=b:=c\nd"], { text: "a=b:=c\nd" }],
    ["is text where the action does not know it", ["nope=1", "nope2.a=true"], { nope: "1", nope2: { a: "true" } }],
    ["is a part of an object", ["part.inner.on=false"], { part: { inner: { on: false } } }],
    ["is under a key of its own", ["labels.app=1", "labels.tier=2"], { labels: { app: 1, tier: 2 } }],
    ["is in a list where a list is wanted", ["names=a"], { names: ["a"] }],
    ["is in a list with others", ["ports=1", "ports[]=2"], { ports: [1, 2] }],
    ["is in a list where nobody knows", ["nope[]=1", "nope[]=2"], { nope: ["1", "2"] }],
    ["is JSON", ['labels:={"a.b/c": 1}', "share:=null"], { labels: { "a.b/c": 1 }, share: null }],
    ["is a whole list as JSON, or one of its items", ["ports:=[1,2]", "nope[]:=[3]"], { ports: [1, 2], nope: [[3]] }],
  ])("%s", (_what, given, expected) => {
    expect(params(...given)).toEqual(expected);
  });

  it("may be called as what objects have by nature", () => {
    const read = params("__proto__.polluted=yes", "constructor=x");
    expect(Object.keys(read)).toEqual(["__proto__", "constructor"]);
    expect(Object.hasOwn({}, "polluted")).toBe(false);
  });
});

it("says everything that is wrong at once", () => {
  const { problems } = givenParams(
    ["lines", "=x", "a..b=1", "text=a", "text=b", "part=1", "part.inner.on=true", 'labels:={"a"', "share:="],
    JSON.parse(JSON.stringify(schema)),
  );
  expect(problems).toEqual([
    { path: "params.lines", message: "lines is no param: give key=value, key.part=value, key[]=value or key:=JSON." },
    { path: "params.", message: "=x is no param: give key=value, key.part=value, key[]=value or key:=JSON." },
    { path: "params.a..b", message: "a..b=1 is no param: give key=value, key.part=value, key[]=value or key:=JSON." },
    { path: "params.text", message: "text is given twice; a list is given as text[]=value." },
    { path: "params.part.inner.on", message: "part.inner.on is given beside a value for part." },
    { path: "params.labels", message: 'labels:= is followed by JSON, and {"a" is none.' },
    { path: "params.share", message: "share:= is followed by JSON, and nothing is none." },
  ]);
});
