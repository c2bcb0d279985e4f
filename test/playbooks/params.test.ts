import { describe, expect, it } from "vitest";
import * as z from "zod";
import { check } from "../../src/playbooks/params.ts";

const messages = (schema: z.ZodType, input: unknown) => {
  const checked = check(schema, input, "it");
  return checked.ok ? checked.value : checked.refusals.map(({ message }) => message);
};

describe("what a user wrote is checked", () => {
  it.each<[string, z.ZodType, unknown, unknown]>([
    ["a string for a number", z.strictObject({ n: z.number() }), { n: " 1.5e3 " }, { n: 1500 }],
    [
      "a string for a number, deep in lists",
      z.strictObject({ n: z.array(z.array(z.int())) }),
      { n: [["1"], ["2", 3]] },
      { n: [[1], [2, 3]] },
    ],
    [
      "a string in a union that has numbers",
      z.strictObject({ n: z.union([z.literal("all"), z.number()]) }),
      { n: "7" },
      { n: 7 },
    ],
    [
      "a string where a string is fine",
      z.strictObject({ n: z.union([z.string(), z.number()]) }),
      { n: "7" },
      { n: "7" },
    ],
    [
      "a number of many digits stays one",
      z.strictObject({ n: z.string() }),
      { n: 1.1 },
      ["`n` of it must be a string, not a number with a fraction."],
    ],
    ["no number", z.strictObject({ n: z.number() }), { n: "0x10" }, ["`n` of it must be a number, not a string."]],
    ["an empty string", z.strictObject({ n: z.number() }), { n: "" }, ["`n` of it must be a number, not a string."]],
    [
      "neither as a number nor as a string",
      z.strictObject({ n: z.union([z.number().min(10), z.string().min(5)]) }),
      { n: "5" },
      ["`n` of it: too small: expected string to have >=5 characters."],
    ],
    ["nothing where a map is wanted", z.strictObject({}), null, ["it must be a map, not empty."]],
    [
      "a sentence of the schema's author",
      z.strictObject({ n: z.string().refine(() => false, { error: "Names are short." }) }),
      { n: "x" },
      ["Names are short."],
    ],
    [
      "words of the schema's author",
      z.strictObject({ n: z.string().refine(() => false, { error: "is too long" }) }),
      { n: "x" },
      ["`n` of it: is too long."],
    ],
    ["one of several values", z.strictObject({ n: z.literal("a") }), { n: "b" }, ["`n` of it must be a."]],
    [
      "a value in no form of a union",
      z.strictObject({ n: z.union([z.number(), z.boolean()]) }),
      { n: [] },
      ["`n` of it: invalid input."],
    ],
  ])("%s", (_, schema, input, expected) => {
    expect(messages(schema, input)).toEqual(expected);
  });
});
