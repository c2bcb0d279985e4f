import { describe, expect, it } from "vitest";
import { expandMatch, regexProblem, userRegex } from "../../src/tools/regex.ts";

describe("a user's regular expression", () => {
  it.each([
    ["a|ab", "ab", { full: true, prefix: true, find: true }],
    ["a|ab", "abc", { full: false, prefix: true, find: true }],
    ["b", "abc", { full: false, prefix: false, find: true }],
    ["x", "abc", { full: false, prefix: false, find: false }],
    ["(?i)CART.*", "cart-api", { full: true, prefix: true, find: true }],
    ["a.b", "a\nb", { full: false, prefix: false, find: false }],
    ["", "a", { full: false, prefix: true, find: true }],
  ])("%s on %j", (source, text, { full, prefix, find }) => {
    const regex = userRegex(source);
    expect([regex.fullMatch(text), regex.prefixMatch(text), regex.find(text)]).toEqual([full, prefix, find]);
  });

  it.each([
    ["(", /missing closing \)/],
    ["[a", /missing closing \]/],
    ["(?=x)", /lookaround and backreferences are not available/],
    ["(a)\\1", /lookaround and backreferences are not available/],
    ["a**", /"a\*\*" is not a regular expression/],
  ])("%s is refused with the reason", (source, reason) => {
    expect(() => userRegex(source)).toThrow(reason);
    expect(regexProblem(source)).toMatch(reason);
  });

  it.each([
    ["team-(.*)", "team-backend", "$1", "backend"],
    ["(\\w+)-(\\w+)", "eu-prod", `\${2}_$1`, "prod_eu"],
    ["(?P<zone>\\w+)-.*", "eu-prod", `\${zone}$$`, "eu$"],
    ["a(b)?", "a", "[$1$2]", "[]"],
    ["a", "ab", "x", undefined],
    ["", "", "x", "x"],
  ])("%s on %j fills in %j: %j", (source, text, template, expanded) => {
    expect(expandMatch(source, text, template)).toBe(expanded);
  });

  it("takes a text that would take a backtracking engine for ever", () => {
    expect(userRegex("(a+)+$").find(`${"a".repeat(50_000)}!`)).toBe(false);
  });
});
