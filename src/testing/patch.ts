/** Merge patches (RFC 7386), and the operations of JSON patches (RFC 6902) that change or test one place. */
import { isDeepStrictEqual } from "node:util";

type JsonMap = Record<string, unknown>;

const isMap = (value: unknown): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged: JsonMap = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

export type Patched = { readonly document: unknown } | { readonly problem: string };

/** All operations are applied, or none; then the problem is the first that does not apply. */
export function jsonPatch(target: unknown, operations: readonly Readonly<Record<string, unknown>>[]): Patched {
  const document = structuredClone(target);
  for (const { op, path, value } of operations) {
    if (typeof path !== "string" || !path.startsWith("/"))
      return { problem: `${String(path)} is not a path into the object` };
    if (!apply(document, String(op), path, value)) return { problem: `${String(op)} ${path} does not apply` };
  }
  return { document };
}

function apply(document: unknown, op: string, path: string, value: unknown): boolean {
  const keys = path
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>(
    (inner, key) => (has(inner, key) ? Reflect.get(inner, key) : undefined),
    document,
  );
  if (typeof parent !== "object" || parent === null) return false;
  if (op === "add") return add(parent, last, value);
  if (!has(parent, last)) return false;
  if (op === "test") return isDeepStrictEqual(Reflect.get(parent, last), value);
  if (op === "replace") return Reflect.set(parent, last, value);
  if (op !== "remove") return false;
  if (Array.isArray(parent)) return parent.splice(Number(last), 1).length === 1;
  return Reflect.deleteProperty(parent, last);
}

function add(parent: object, key: string, value: unknown): boolean {
  if (!Array.isArray(parent)) return Reflect.set(parent, key, value);
  const index = key === "-" ? parent.length : Number(key);
  if (!(Number.isInteger(index) && index >= 0 && index <= parent.length)) return false;
  parent.splice(index, 0, value);
  return true;
}

const has = (value: unknown, key: string): value is object =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key);
