/** Checking what a user wrote against a zod schema: strings taken for numbers, and refusals that say where and what instead. */
import * as z from "zod";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { Path } from "./yaml-source.ts";

export interface Refusal {
  readonly path: Path;
  /** Whether the key at the path is at fault, or its value. */
  readonly part: "key" | "value";
  /** Whether the fault may lie further down than the path. */
  readonly broad: boolean;
  readonly message: string;
}

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

type Issue = z.core.$ZodIssue;

/**
 * Parses, and parses again with numbers and booleans that were written as strings, and whole numbers that should be strings, converted
 * where the schema refused them. `what` names the thing in messages: `pod_bash_enricher`.
 */
export function check<T>(schema: z.ZodType<T>, input: unknown, what: string): Checked<T> {
  let value = input;
  let result = schema.safeParse(value);
  const done = new Set<string>();
  // Each round converts at least one value, and no value is converted twice.
  while (!result.success) {
    const converted = convert(value, result.error.issues, done);
    if (converted === undefined) break;
    value = converted;
    result = schema.safeParse(value);
  }
  if (result.success) return { ok: true, value: result.data };
  const shown = result.error.issues.flatMap((issue) => flatten(issue));
  return { ok: false, refusals: shown.flatMap((issue) => describe(issue, schema, value, what)) };
}

/** Leaves out what is said about values that are not known yet: the paths at which references stand. */
export function withoutUnknown(refusals: readonly Refusal[], unknown: readonly Path[]): readonly Refusal[] {
  return refusals.filter(({ path, part, broad }) => {
    const concerned = unknown.filter((reference) => startsWith(reference, path));
    return part === "key" || !concerned.some((reference) => broad || reference.length === path.length);
  });
}

export const startsWith = (path: Path, start: Path): boolean =>
  start.every((key, index) => String(path[index]) === String(key));

function convert(input: unknown, issues: readonly Issue[], done: Set<string>): unknown {
  let copy: unknown;
  for (const { path, expected } of issues.flatMap((issue) => expectations(issue))) {
    const value = convertTo(expected, at(input, path));
    const place = pathText(path);
    if (value === undefined || done.has(place)) continue;
    done.add(place);
    copy = replaceAt(copy ?? input, path, value);
  }
  return copy;
}

function expectations(issue: Issue): { path: Path; expected: string }[] {
  if (issue.code === "invalid_type") return [{ path: issue.path, expected: issue.expected }];
  if (issue.code !== "invalid_union") return [];
  const inner = issue.errors.flat().flatMap((error) => expectations(error));
  return inner.map(({ path, expected }) => ({ path: [...issue.path, ...path], expected }));
}

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

function convertTo(expected: string, value: unknown): unknown {
  if (expected === "string") return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  if (expected === "boolean") return booleans[value.trim().toLowerCase()];
  if (expected !== "number" && expected !== "int") return undefined;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value.trim()) ? Number(value) : undefined;
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function at(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function replaceAt(data: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(data))
    return data.map((item, index) => (index === Number(key) ? replaceAt(item, rest, value) : item));
  if (typeof data !== "object" || data === null) return data;
  return { ...data, [key]: replaceAt(Reflect.get(data, key), rest, value) };
}

/** The data without what is at the path. */
export function without(data: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  if (rest.length > 0) return replaceAt(data, [key], without(at(data, [key]), rest));
  if (Array.isArray(data)) return data.filter((_, index) => index !== Number(key));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== key));
}

/** A union's refusal is told as that of the alternative that was meant, where the shape of the input shows which. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.filter(
    (errors) => !errors.some(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  const [only] = meant;
  if (meant.length !== 1 || !only) return [issue];
  return only.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] }));
}

function describe(issue: Issue, schema: z.ZodType, input: unknown, what: string): Refusal[] {
  const { path } = issue;
  const name = path.length === 0 ? what : pathText(path);
  if (issue.code === "invalid_key") {
    const message = issue.issues.map((inner) => sentence(inner, name, undefined)).join(" ");
    return [{ path, part: "key", broad: false, message }];
  }
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    const owner = beginning(quotedPath(path, what));
    return issue.keys.map((key) => ({
      path: [...path, key],
      part: "key",
      broad: false,
      message: `${owner} has no ${quoted(key)}${didYouMean(key, known)}`,
    }));
  }
  const value = at(input, path);
  if (value === undefined && path.length > 0 && isAboutAbsence(issue)) {
    return [
      { path, part: "key", broad: false, message: `${beginning(what)} needs ${quoted(name)}${expectedText(issue)}.` },
    ];
  }
  const broad = issue.code === "invalid_union" || issue.code === "custom";
  return [{ path, part: "value", broad, message: sentence(issue, beginning(quotedPath(path, what)), value) }];
}

const isAboutAbsence = ({ code }: Issue) =>
  code === "invalid_type" || code === "invalid_value" || code === "invalid_union";

/** `a playbook` at the beginning of a sentence; names stay as they are. */
const beginning = (what: string) =>
  what.replace(/^(?:an?|the) /, (article) => article.charAt(0).toUpperCase() + article.slice(1));

function expectedText(issue: Issue): string {
  return issue.code === "invalid_type" ? `, ${typeNames[issue.expected] ?? issue.expected}` : "";
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
};

function sentence(issue: Issue, name: string, value: unknown): string {
  if (issue.code === "invalid_type") {
    return `${name} must be ${typeNames[issue.expected] ?? issue.expected}, not ${typeOf(value)}.`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const hint = typeof value === "string" ? didYouMean(value, values) : ".";
    return values.length === 1 ? `${name} must be ${values[0]}.` : `${name} must be one of ${values.join(", ")}${hint}`;
  }
  const message = issue.message.replace(/\.$/, "");
  // What a schema's author wrote is a sentence of its own; zod's words want the name.
  if (/^[A-Z{`]/.test(message) && !/^(?:Invalid|Too|Expected|Unrecognized)\b/.test(message)) return `${message}.`;
  return `${name}: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`;
}

function typeOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isInteger(value) ? "a whole number" : "a number with a fraction";
  return { string: "a string", boolean: "true or false", object: "a map" }[typeof value as string] ?? typeof value;
}

/** `items[0].name` */
export const pathText = (path: Path) =>
  path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`)).join("");

const quotedPath = (path: Path, what: string) => (path.length === 0 ? what : `${quoted(pathText(path))} of ${what}`);

/** The keys that a schema declares at a path, from its JSON Schema; empty where it declares none. */
export function knownKeys(schema: z.ZodType, path: Path = []): string[] {
  const root: unknown = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return [...new Set(descend(root, root, path))];
}

function descend(root: unknown, schema: unknown, path: Path): string[] {
  const node = dereference(root, schema);
  const alternatives = ["anyOf", "oneOf", "allOf"].flatMap((word) => at(node, [word]) ?? []);
  const inner = alternatives.flatMap((alternative) => descend(root, alternative, path));
  const [key, ...rest] = path;
  if (key === undefined) return [...inner, ...Object.keys(at(node, ["properties"]) ?? {})];
  const next =
    typeof key === "number"
      ? at(node, ["items"])
      : (at(node, ["properties", key]) ?? at(node, ["additionalProperties"]));
  return next === undefined ? inner : [...inner, ...descend(root, next, rest)];
}

function dereference(root: unknown, schema: unknown): unknown {
  const reference = at(schema, ["$ref"]);
  return typeof reference === "string" ? at(root, reference.split("/").slice(1)) : schema;
}
