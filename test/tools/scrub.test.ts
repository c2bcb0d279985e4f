import { describe, expect, it } from "vitest";
import { createScrubber } from "../../src/tools/scrub.ts";

describe("a scrubber", () => {
  it.each<[string, string, string, string]>([
    ["as it is", "xoxb-1234", "token xoxb-1234!", "token [secret]!"],
    ["everywhere", "abcd", "abcd abcdabcd", "[secret] [secret][secret]"],
    ["within JSON", 'a"b\\c\nd', JSON.stringify({ key: 'a"b\\c\nd' }), '{"key":"[secret]"}'],
    ["within a URL", "p&ss w/rd", `https://x/?p=${encodeURIComponent("p&ss w/rd")}`, "https://x/?p=[secret]"],
    ["within a form", "p&ss w/rd", new URLSearchParams({ p: "p&ss w/rd" }).toString(), "p=[secret]"],
    ["in base64", "xoxb-1234", Buffer.from("xoxb-1234").toString("base64"), "[secret]"],
    ["with the newline of its file", "xoxb-1234\n", "token xoxb-1234!", "token [secret]!"],
    ["a line of a key", `${"a".repeat(20)}\n${"b".repeat(20)}`, `x ${"b".repeat(20)} y`, "x [secret] y"],
    ["not where it is short", "abc", "abc", "abc"],
  ])("takes a secret out: %s", (_, secret, text, expected) => {
    const scrubber = createScrubber();
    scrubber.add(secret);
    expect(scrubber.scrub(text)).toBe(expected);
  });

  it.each([0, 1, 2, 3])("finds a secret in the base64 of a text, %i bytes from its beginning", (shift) => {
    const scrubber = createScrubber();
    scrubber.add("a-long-password");
    const text = Buffer.from(`${"x".repeat(shift)}a-long-password and more`).toString("base64");
    const clean = scrubber.scrub(text);
    expect(clean).toContain("[secret]");
    expect(Buffer.from(clean.replace("[secret]", ""), "base64").toString()).not.toContain("password");
  });

  it("takes the longest first", () => {
    const scrubber = createScrubber();
    scrubber.add("password");
    scrubber.add("password-of-the-root");
    expect(scrubber.scrub("is password-of-the-root")).toBe("is [secret]");
  });

  it("cleans plain data, and leaves the rest as it is", () => {
    const scrubber = createScrubber();
    scrubber.add("hunter22");
    const date = new Date(0);
    expect(scrubber.scrubData({ "x hunter22": ["hunter22", 7, null, { deep: "hunter22" }], date })).toEqual({
      "x [secret]": ["[secret]", 7, null, { deep: "[secret]" }],
      date,
    });
  });
});
