/** Filtering and redacting logs, with the expressions of users, which run in linear time (RE2). */
import { RE2JS } from "re2js";
import { ConfigurationError, describeError } from "../errors.ts";
import type { PodLogOptions } from "./kubernetes.ts";

type Edits = Pick<PodLogOptions, "filterRegex" | "redact" | "redactionStyle">;

/** Prepares the edits. Throws a ConfigurationError that names every expression that RE2 does not take. */
export function logEditor({ filterRegex, redact = [], redactionStyle = "named" }: Edits): (text: string) => string {
  const problems: { at: string; message: string }[] = [];
  const compile = (at: string, regex: string): RE2JS | undefined => {
    try {
      return RE2JS.compile(regex);
    } catch (error) {
      const message = `${JSON.stringify(regex)} is no regular expression of RE2: ${describeError(error)}. Look-around and back-references are not in it: https://github.com/google/re2/wiki/Syntax`;
      problems.push({ at, message });
      return undefined;
    }
  };
  const filter = filterRegex === undefined ? undefined : compile("filterRegex", filterRegex);
  const redactions = redact.map(({ name, regex }, index) => ({
    name,
    regex: compile(`redact[${index}].regex`, regex),
  }));
  if (problems.length > 0) throw new ConfigurationError(problems);

  return (text) => {
    const lines = filter === undefined ? text : keepLines(text, filter);
    return redactions.reduce((kept, { name = "REDACTED", regex }) => {
      if (regex === undefined) return kept;
      const replacement = redactionStyle === "named" ? () => `[${name}]` : (found: string) => "*".repeat(found.length);
      return replaceAll(kept, regex, replacement);
    }, lines);
  };
}

function keepLines(text: string, filter: RE2JS): string {
  return text
    .split(/(?<=\n)/)
    .filter((line) => filter.matcher(line.replace(/\r?\n$/, "")).find())
    .join("");
}

function replaceAll(text: string, regex: RE2JS, replacement: (found: string) => string): string {
  const matcher = regex.matcher(text);
  const parts: string[] = [];
  let end = 0;
  while (matcher.find()) {
    // An expression that finds nothing everywhere (`x*`) redacts nothing there.
    if (matcher.end() === matcher.start()) continue;
    parts.push(text.slice(end, matcher.start()), replacement(text.slice(matcher.start(), matcher.end())));
    end = matcher.end();
  }
  return parts.join("") + text.slice(end);
}
