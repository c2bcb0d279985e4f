/**
 * Takes away what all lines of a text are indented by, and a line break at its start: for texts that are written indented between
 * backticks.
 *
 * @example markdown(dedent(`
 *   Two lines,
 *   indented as the code is.`))
 */
export function dedent(text: string): string {
  const indents = text.match(/^[ \t]*(?=[^\s])/gm) ?? [];
  const least = indents.reduce((fewest, { length }) => Math.min(fewest, length), Number.POSITIVE_INFINITY);
  return text.replace(/^[ \t]+/gm, (indent) => indent.slice(least)).replace(/^\n/, "");
}
