/**
 * `scope`: which things a trigger or a sink is for. A list of matchers; one of them must match (OR), in it every attribute (AND), of an
 * attribute one expression (OR). Expressions are regular expressions that match the whole text. `exclude` is looked at first.
 */
import * as z from "zod";
import { regexProblem, userRegex } from "./tools/regex.ts";

/** One matcher: an expression, or several, per attribute. */
export type ScopeMatcher = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Scope {
  readonly include?: readonly ScopeMatcher[] | undefined;
  readonly exclude?: readonly ScopeMatcher[] | undefined;
}

/** What the attributes of a matcher are held against: a text, labels, or a test of its own. Absent: nothing matches. */
export type ScopeSubject = Readonly<
  Record<string, string | Readonly<Record<string, string>> | ((expression: string) => boolean) | undefined>
>;

const labelAttributes = new Set(["labels", "annotations", "namespace_labels"]);

/** The zod schema of a `scope` whose matchers have these attributes; `refused` are those that the model has and we have not, with why. */
export function scopeSchema(attributes: readonly string[], refused: Readonly<Record<string, string>> = {}) {
  const shape = Object.fromEntries([
    ...attributes.map((name) => [name, expressionsSchema(name).optional()] as const),
    ...Object.entries(refused).map(([name, reason]) => [name, z.never({ error: reason }).optional()] as const),
  ]);
  const matcher: z.ZodType<ScopeMatcher> = z
    .strictObject(shape)
    .refine((value) => Object.keys(value).length > 0, { error: "A matcher names at least one attribute." });
  const matchers = z.array(matcher).min(1, { error: "Give at least one matcher, or leave this out." }).optional();
  return z
    .strictObject({ include: matchers, exclude: matchers })
    .refine(({ include, exclude }) => include !== undefined || exclude !== undefined, {
      error: "A scope has `include`, `exclude`, or both.",
    });
}

function expressionsSchema(attribute: string): z.ZodType<string | readonly string[]> {
  const one = z.string().superRefine((source, context) => {
    const problem = labelAttributes.has(attribute) ? labelExpressionProblem(source) : regexProblem(source);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
  return z.union([one, z.array(one).min(1)]);
}

/** Undefined where the scope takes the subject in, else what makes the sentence that says why not. */
export function scopeRefusal(scope: Scope | undefined, subject: ScopeSubject): (() => string) | undefined {
  const excluding = scope?.exclude?.find((matcher) => matcherMatches(matcher, subject));
  if (excluding !== undefined) return () => `scope.exclude matches ${describeMatcher(excluding)}`;
  if (scope?.include === undefined || scope.include.some((matcher) => matcherMatches(matcher, subject))) return;
  const { include } = scope;
  return () => `scope.include does not match ${include.map(describeMatcher).join(" or ")}`;
}

function matcherMatches(matcher: ScopeMatcher, subject: ScopeSubject): boolean {
  return Object.entries(matcher).every(
    ([attribute, expressions]) =>
      expressions === undefined ||
      listOf(expressions).some((expression) => expressionMatches(expression, subject[attribute])),
  );
}

function expressionMatches(expression: string, value: ScopeSubject[string]): boolean {
  if (value === undefined) return false;
  if (typeof value === "function") return value(expression);
  return typeof value === "string" ? userRegex(expression).fullMatch(value) : labelsMatch(expression, value);
}

interface LabelTest {
  readonly label: string;
  readonly negated: boolean;
  readonly regex: string;
}

/** Whether labels meet every part of `k=regex,k2!=regex`. A label that is not there meets none, `!=` included, as in the model. */
export function labelsMatch(expression: string, labels: Readonly<Record<string, string>>): boolean {
  return parseLabelExpression(expression).every(({ label, negated, regex }) => {
    const value = Object.hasOwn(labels, label) ? labels[label] : undefined;
    return value !== undefined && userRegex(regex).fullMatch(value) !== negated;
  });
}

/** Why a label expression cannot be used, in a sentence; undefined where it can. */
export function labelExpressionProblem(expression: string): string | undefined {
  for (const { label, regex } of parseLabelExpression(expression)) {
    if (label === "") return `"${expression}" is not of the form "label=regex,other!=regex".`;
    const problem = regexProblem(regex);
    if (problem !== undefined) return problem;
  }
  return;
}

/** A comma ends a part only where another `label=` follows, so that `a=x{1,2}` stays whole. */
const betweenParts = /,(?=\s*[^\s,=!]+\s*!?=)/;
const labelTest = /^\s*([^\s,=!]+)\s*(!?=)(.*)$/s;

/** Of every expression that was met: they come from the configuration, so they are few. */
const parsed = new Map<string, readonly LabelTest[]>();

function parseLabelExpression(expression: string): readonly LabelTest[] {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  const tests = expression.split(betweenParts).map((part) => {
    const [, label = "", operator = "=", regex = ""] = labelTest.exec(part) ?? [];
    return { label, negated: operator === "!=", regex: regex.trim() };
  });
  parsed.set(expression, tests);
  return tests;
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);

const describeMatcher = (matcher: ScopeMatcher): string =>
  Object.entries(matcher)
    .flatMap(([attribute, expressions]) =>
      expressions === undefined ? [] : [`${attribute} ${listOf(expressions).join(" or ")}`],
    )
    .join(" and ");
