/** Params as they are given on a command line: `lines=20 labels.app=web names[]=a query:='{"x": 1}'`. */
import type { FieldProblem } from "../errors.ts";

/** As in `z.toJSONSchema`, as far as types are read from it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** A value, a list that grows, or the parts of an object. */
type Node = { readonly value: Value } | { readonly items: Value[] } | Map<string, Node>;

export interface GivenParams {
  readonly params: Readonly<Record<string, Value>>;
  readonly problems: readonly FieldProblem[];
}

/**
 * A value becomes what the schema wants in its place, else it is text, and the action says what it thinks of it. A key that is given
 * twice, or that ends in `[]`, is a list; after `:=` stands JSON, for everything else.
 */
export function givenParams(given: readonly string[], schema: Schema | undefined): GivenParams {
  const root = new Map<string, Node>();
  const problems: FieldProblem[] = [];
  for (const one of given) {
    const problem = take(one, root, schema);
    if (problem !== undefined) problems.push({ path: `params.${one.split(/:?=/, 1)[0]}`, message: problem });
  }
  return { params: Object.fromEntries([...root].map(([key, node]) => [key, assembled(node)])), problems };
}

/** Undefined where it is taken, else why it is not. */
function take(given: string, root: Map<string, Node>, schema: Schema | undefined): string | undefined {
  const [, key = "", isList, isJson, text = ""] = /^([^=:[\]]+)(\[\])?(:)?=(.*)$/s.exec(given) ?? [];
  const path = key.split(".");
  if (path.includes("")) return `${given} is no param: give key=value, key.part=value, key[]=value or key:=JSON.`;
  const place = placeAt(path, schema === undefined ? [] : [schema]);
  const listed = isList !== undefined || isOnly(place, "array");
  const read = isJson === undefined ? { value: typed(text, listed ? itemsOf(place) : place) } : parseJson(text, key);
  if ("problem" in read) return read.problem;
  const whole = isJson !== undefined && isList === undefined;
  return put(path, root, listed && !whole ? { items: [read.value] } : { value: read.value });
}

function put(path: readonly string[], root: Map<string, Node>, node: Node): string | undefined {
  const parents = path.slice(0, -1);
  const last = path.at(-1) ?? "";
  let parent = root;
  for (const part of parents) {
    const next = parent.get(part) ?? new Map<string, Node>();
    if (!(next instanceof Map)) return `${path.join(".")} is given beside a value for ${part}.`;
    parent.set(part, next);
    parent = next;
  }
  const there = parent.get(last);
  if (there === undefined) parent.set(last, node);
  else if ("items" in there && "items" in node) there.items.push(...node.items);
  else return `${path.join(".")} is given twice; a list is given as ${path.join(".")}[]=value.`;
  return undefined;
}

function assembled(node: Node): Value {
  if (node instanceof Map) return Object.fromEntries([...node].map(([key, inner]) => [key, assembled(inner)]));
  return "items" in node ? node.items : node.value;
}

function parseJson(text: string, key: string): { readonly value: Value } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: `${key}:= is followed by JSON, and ${text === "" ? "nothing" : text} is none.` };
  }
}

/** Every form that a schema allows. */
const formsOf = (schema: Schema): readonly Schema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(formsOf),
];

/** What may stand at a path; nothing where the schema does not say. */
function placeAt(path: readonly string[], schemas: readonly Schema[]): readonly Schema[] {
  const forms = schemas.flatMap(formsOf);
  const [part, ...rest] = path;
  if (part === undefined) return forms;
  const inner = forms.flatMap(({ properties = {}, additionalProperties }) => {
    if (Object.hasOwn(properties, part)) return properties[part] ?? [];
    return typeof additionalProperties === "object" ? additionalProperties : [];
  });
  return placeAt(rest, inner);
}

const itemsOf = (forms: readonly Schema[]): readonly Schema[] =>
  forms.flatMap(({ items }) => items ?? []).flatMap(formsOf);

const typesOf = (forms: readonly Schema[]): ReadonlySet<string> =>
  new Set(
    forms.flatMap(({ type = [], enum: values = [], const: constant }) => [
      ...[type].flat(),
      ...[...values, ...(constant === undefined ? [] : [constant])].map((value) => typeof value),
    ]),
  );

const isOnly = (forms: readonly Schema[], type: string): boolean => {
  const types = [...typesOf(forms)].filter((one) => one !== "null");
  return types.length > 0 && types.every((one) => one === type);
};

function typed(text: string, forms: readonly Schema[]): Value {
  const types = typesOf(forms);
  if (types.has("string") || types.size === 0) return text;
  if (types.has("boolean") && (text === "true" || text === "false")) return text === "true";
  const number = Number(text);
  if ((types.has("number") || types.has("integer")) && text.trim() !== "" && Number.isFinite(number)) return number;
  return text;
}
