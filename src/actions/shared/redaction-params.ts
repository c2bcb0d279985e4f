/** The params of every action that shows logs, and what they mean to `pod.logs()`. */
import * as z from "zod";
import { type PodLogOptions, regexProblem } from "../../index.ts";

/** A regular expression of a user, checked when the configuration is read. */
export const regexParam = z.string().superRefine((source, context) => {
  const problem = regexProblem(source);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const replacerPattern = z.strictObject({
  name: z.string().default("Redacted").describe("What stands in brackets in place of what was found"),
  regex: regexParam.describe("What to redact (RE2 syntax)"),
});

export const replacementStyle = z.enum(["SAME_LENGTH_ASTERISKS", "NAMED"]);

export const replacerPatterns = z
  .array(replacerPattern)
  .nullish()
  .describe("Expressions for what must not be shown: passwords, tokens, personal data");

interface Redaction {
  readonly regex_replacer_patterns?: readonly z.output<typeof replacerPattern>[] | null | undefined;
  readonly regex_replacement_style?: z.output<typeof replacementStyle> | null | undefined;
}

export function redactionOptions(params: Redaction): Pick<PodLogOptions, "redact" | "redactionStyle"> {
  const { regex_replacer_patterns: patterns, regex_replacement_style: style } = params;
  return {
    ...(patterns ? { redact: patterns } : {}),
    ...(style ? { redactionStyle: style === "NAMED" ? "named" : "same_length_asterisks" } : {}),
  };
}
