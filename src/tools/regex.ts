/** Regular expressions that users write, on an engine whose time is linear in the text. https://github.com/google/re2/wiki/Syntax */
import { RE2JS, RE2JSSyntaxException } from "re2js";

export interface UserRegex {
  /** Whether the whole text matches. */
  fullMatch(text: string): boolean;
  /** Whether the text begins with a match. */
  prefixMatch(text: string): boolean;
  /** Whether a match is anywhere in the text. */
  find(text: string): boolean;
  /** Where the whole text matches, the template with `$1`, `${1}` and `${name}` filled in from the groups, `$$` being a dollar sign. */
  expand(text: string, template: string): string | undefined;
}

const maxCompiled = 2_000;
const compiled = new Map<string, UserRegex>();

/** Compiles an expression, once per source. Throws a SyntaxError that says what is wrong with it. */
export function userRegex(source: string): UserRegex {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const regex = compile(source);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(source, regex);
  return regex;
}

/**
 * What a relabelling rule makes of a text: undefined where the expression (RE2 syntax) does not match the whole of it, else the
 * template with `$1`, `${1}` and `${name}` filled in from the expression's groups. Throws a SyntaxError for what is no expression.
 *
 * @example expandMatch("team-(.*)", "team-backend", "$1") // "backend"
 */
export const expandMatch = (source: string, text: string, template: string): string | undefined =>
  userRegex(source).expand(text, template);

/** Why an expression cannot be used, in a sentence; undefined where it can. */
export function regexProblem(source: string): string | undefined {
  try {
    userRegex(source);
    return;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compile(source: string): UserRegex {
  const pattern = parse(source);
  return {
    fullMatch: (text) => pattern.matcher(text).matches(),
    prefixMatch: (text) => pattern.matcher(text).lookingAt(),
    find: (text) => pattern.matcher(text).find(),
    expand: (text, template) => expand(pattern, text, template),
  };
}

/** A group that took no part in the match, or that there is not, is empty. */
function expand(pattern: RE2JS, text: string, template: string): string | undefined {
  const matcher = pattern.matcher(text);
  if (!matcher.matches()) return undefined;
  const named = pattern.namedGroups();
  return template.replace(/\$(?:\$|(\d+)|\{(\w+)\})/g, (found, digits?: string, braced?: string) => {
    if (found === "$$") return "$";
    const name = digits ?? braced ?? "";
    const index = Object.hasOwn(named, name) ? named[name] : Number(name);
    return index !== undefined && index <= matcher.groupCount() ? (matcher.group(index) ?? "") : "";
  });
}

function parse(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new SyntaxError(`"${source}" is not a regular expression: ${explain(error)}`);
  }
}

function explain({ error, input }: RE2JSSyntaxException): string {
  const where = input ? ` at "${input}"` : "";
  const hint = /Perl syntax|escape sequence/.test(error)
    ? "; lookaround and backreferences are not available, the syntax is RE2's"
    : "";
  return `${error}${where}${hint}`;
}
