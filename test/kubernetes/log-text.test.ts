import { describe, expect, it } from "vitest";
import type { PodLogOptions } from "../../src/kubernetes/kubernetes.ts";
import { logEditor } from "../../src/kubernetes/log-text.ts";

const log = "GET /a user=ann token=s3cr3t\r\nERROR no route für /b\n\nlast line";
const email = { name: "EMAIL", regex: "[a-z]+@[a-z.]+" };

describe("the text of a log", () => {
  it.each<[string, PodLogOptions, string, string]>([
    ["is kept as it is", {}, log, log],
    ["keeps whole lines, whatever of them was found", { filterRegex: "(ERR)OR" }, log, "ERROR no route für /b\n"],
    [
      "keeps lines by their beginning and end",
      { filterRegex: "^GET|line$" },
      log,
      "GET /a user=ann token=s3cr3t\r\nlast line",
    ],
    ["is empty where no line is found", { filterRegex: "nothing" }, log, ""],
    ["is redacted by name", { redact: [email] }, "of ann@example.org and bob@example.org", "of [EMAIL] and [EMAIL]"],
    ["is redacted without a name", { redact: [{ regex: "s3cr3t" }] }, "a s3cr3t", "a [REDACTED]"],
    [
      "is redacted in its length",
      { redact: [email], redactionStyle: "same_length_asterisks" },
      "of a@b.c!",
      "of *****!",
    ],
    ["is redacted by one after another", { redact: [{ regex: "a" }, { name: "X", regex: "REDACTED" }] }, "a", "[[X]]"],
    ["is redacted behind characters of two units", { redact: [email] }, "🙂🙂 ann@example.org 🙂", "🙂🙂 [EMAIL] 🙂"],
    ["is not redacted by what finds nothing", { redact: [{ regex: "x*" }] }, "abc", "abc"],
    ["is filtered before it is redacted", { filterRegex: "ann@", redact: [email] }, "ann@b.c\nelse\n", "[EMAIL]\n"],
  ])("%s", (_, options, text, expected) => {
    expect(logEditor(options)(text)).toBe(expected);
  });

  it("takes no time for an expression that backtracking engines hang on", () => {
    const text = `${"a".repeat(50_000)}!\n`;
    expect(logEditor({ filterRegex: "^(a+)+$" })(text)).toBe("");
  });

  it("names every expression that is none", () => {
    const edits = { filterRegex: "(", redact: [{ regex: "fine" }, { regex: "(?=ahead)" }] };
    expect(() => logEditor(edits)).toThrow(
      /filterRegex {2}"\(" is no regular expression of RE2: .*\n {2}redact\[1\].regex/,
    );
  });
});
