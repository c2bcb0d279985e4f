import { expect, it } from "vitest";
import { addLabels } from "../../src/prometheus/labels.ts";
import { escapeLabelValue } from "../../src/prometheus/prometheus.ts";

it.each([
  ["a selector", 'up{job="a"}', 'up{job="a",cluster="prod"}'],
  ["every selector", 'a{x="1"} / b{y="2"}', 'a{x="1",cluster="prod"} / b{y="2",cluster="prod"}'],
  ["an empty one", "up{}", 'up{cluster="prod"}'],
  ["one with nothing but blanks", "up{ }", 'up{cluster="prod"}'],
  ["one that ends with a comma", 'up{job="a", }', 'up{job="a",cluster="prod"}'],
  ["one on several lines", 'up{\n  job="a"\n}', 'up{\n  job="a",cluster="prod"}'],
  ["no string that has braces", 'up{path="/{id}"}', 'up{path="/{id}",cluster="prod"}'],
  ["no string with quotes in it", String.raw`up{a="\"}"}`, String.raw`up{a="\"}",cluster="prod"}`],
  ["no string of another kind", "up{a='}', b=~`}`}", "up{a='}', b=~`}`,cluster=\"prod\"}"],
  ["no comment", 'up{job="a"} # {}', 'up{job="a",cluster="prod"} # {}'],
  ["no name without braces", "up + 1", "up + 1"],
])("%s", (_, promql, expected) => {
  expect(addLabels(promql, { cluster: "prod" })).toBe(expected);
});

it("several labels, with what must be escaped", () => {
  expect(addLabels("up{}", { cluster: 'a"b', env: "c\\d" })).toBe(String.raw`up{cluster="a\"b",env="c\\d"}`);
});

it("no labels", () => {
  expect(addLabels("up{,}", {})).toBe("up{,}");
});

it("a label's value cannot end its string", () => {
  expect(escapeLabelValue('a"}\\\n')).toBe(String.raw`a\"}\\\n`);
});
