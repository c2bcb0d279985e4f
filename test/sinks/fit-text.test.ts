import { describe, expect, it } from "vitest";
import { ellipsis, headOf, headOfBytes, tailOfBytes } from "../../src/sinks/fit-text.ts";

const fire = "\u{1F525}";

describe("cutting to a size", () => {
  it.each([
    [`a${fire}b`, 4, `a${fire}b`],
    [`a${fire}b`, 3, `a${fire}`],
    [`a${fire}b`, 2, "a"],
    [`a${fire}b`, 0, ""],
  ])("the head of %j, %i units", (text, length, expected) => {
    expect(headOf(text, length)).toBe(expected);
  });

  it.each([
    [`ab${fire}`, 4, `ab${fire}`],
    [`ab${fire}c`, 4, "ab…"],
  ])("the head of %j with a mark, %i units", (text, length, expected) => {
    expect(ellipsis(text, length)).toBe(expected);
  });

  it.each([
    [`a${fire}b`, 6, "", `a${fire}b`],
    [`a${fire}b`, 5, "", `a${fire}`],
    [`a${fire}b`, 4, "", "a"],
    ["äöü", 3, "", "ä"],
    ["abcdefgh", 6, "…", "abc…"],
    ["abcdefgh", 2, "…", ""],
  ])("the head of %j, %i bytes, marked %j", (text, bytes, mark, expected) => {
    expect(headOfBytes(text, bytes, mark)).toBe(expected);
  });

  it.each([
    ["all of it", "one\ntwo\n", 8, "one\ntwo\n"],
    ["whole lines", "one\ntwo\nthree\n", 9, "three\n"],
    ["a line that begins at the cut", "one\ntwo\nthree\n", 10, "two\nthree\n"],
    ["exactly two lines", "one\ntwo\nthree", 9, "two\nthree"],
    ["one line that is longer", "0123456789", 4, "6789"],
    ["one line that is longer, with its line break", "0123456789\n", 4, "789\n"],
    ["bytes, not characters", `x\n${"ä".repeat(5)}`, 10, "ä".repeat(5)],
    ["between characters", `${fire}${fire}${fire}`, 7, fire],
  ])("the tail: %s", (_, text, bytes, expected) => {
    const tail = tailOfBytes(Buffer.from(text), bytes);
    expect(tail.toString()).toBe(expected);
    expect(tail.length).toBeLessThanOrEqual(bytes);
  });
});
