/** PromQL and titles with places for what an event is about. */

/** What the places are filled with, by their names. */
export type Values = Readonly<Record<string, string | undefined>>;

/** `$$`, `${word}`, `$word`. `$1` is none: functions of PromQL use it. */
const place = /\$(?:\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** A string with the operator before it, a comment, or a place outside of both. */
const part =
  /(?:([=!]~)\s*)?("(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|`[^`]*`)|#[^\n]*|\$(?:\$|\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)/g;

const missing = "<missing>";

/** Fills `$word` and `${word}`, `<missing>` where there is no such value; `$$` is a dollar sign. */
export const fillPlaces = (text: string, values: Values): string => fill(text, (name) => known(values, name));

/**
 * The same for PromQL. A value means itself wherever it stands: within a string its quotes are escaped, and after `=~` and `!~` what a
 * regular expression would understand of it. Throws where it cannot be told from the query: outside of strings, but for plain words.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 */
export const fillQuery = (query: string, values: Values): string =>
  query.replace(part, (found: string, operator: string | undefined, string: string | undefined) => {
    if (found.startsWith("#")) return found;
    if (string === undefined) return fill(found, (name) => plainWord(name, known(values, name)));
    const quote = string.charAt(0);
    const safely = (value: string) => quoted(operator === undefined ? value : literal(value), quote);
    return found.slice(0, -string.length) + fill(string, (name) => safely(known(values, name)));
  });

const fill = (text: string, valueAt: (name: string) => string): string =>
  text.replace(place, (found: string, braced: string | undefined, bare: string | undefined) =>
    found === "$$" ? "$" : valueAt(braced ?? bare ?? ""),
  );

const known = (values: Values, name: string): string =>
  (Object.hasOwn(values, name) ? values[name] : undefined) ?? missing;

const literal = (value: string): string => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function quoted(value: string, quote: string): string {
  if (quote !== "`") return value.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\n", "\\n");
  if (value.includes(quote))
    throw new Error("a value with a backtick cannot stand between backticks; use double quotes");
  return value;
}

function plainWord(name: string, value: string): string {
  if (/^[\w.:]+$/.test(value)) return value;
  throw new Error(`the value of $${name} is no plain word; in the query it can only stand in quotes`);
}
