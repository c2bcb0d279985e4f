/** JSON patches (RFC 6902), refused in the API server's words. */

import { isRecord } from "./json.ts";
import { badRequest, rejectedPatch } from "./status.ts";

/** All operations or none. Whatever does not apply, a failed `test` among them, is one and the same 422. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  return patch.reduce<unknown>((document, operation) => applyOperation(document, operation), structuredClone(target));
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isRecord(operation)) throw rejectedPatch();
  const { op, value } = operation;
  const path = pointer(operation.path);
  switch (op) {
    case "add":
      return put(document, path, value, "add");
    case "replace":
      read(document, path);
      return put(document, path, value, "replace");
    case "remove":
      return remove(document, path);
    case "test":
      if (!sameJson(read(document, path, null), value ?? null)) throw rejectedPatch();
      return document;
    case "copy":
      return put(document, path, structuredClone(read(document, pointer(operation.from))), "add");
    case "move": {
      const from = pointer(operation.from);
      const moved = read(document, from);
      return put(remove(document, from), path, moved, "add");
    }
    default:
      throw rejectedPatch();
  }
}

function pointer(path: unknown): string[] {
  if (path === "") return [];
  if (typeof path !== "string" || !path.startsWith("/")) throw rejectedPatch();
  return path
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(document: unknown, path: readonly string[], absent?: unknown): unknown {
  let here = document;
  for (const [index, step] of path.entries()) {
    if (Array.isArray(here)) {
      here = here[position(step, here.length - 1)];
    } else if (isRecord(here) && Object.hasOwn(here, step)) {
      here = here[step];
    } else if (absent !== undefined && isRecord(here) && index === path.length - 1) {
      return absent;
    } else {
      throw rejectedPatch();
    }
  }
  return here;
}

function put(document: unknown, path: readonly string[], value: unknown, mode: "add" | "replace"): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = mode === "add" && last === "-" ? parent.length : position(last, parent.length);
    parent.splice(index, mode === "replace" ? 1 : 0, value);
  } else if (isRecord(parent)) {
    parent[last] = value;
  } else {
    throw rejectedPatch();
  }
  return document;
}

function remove(document: unknown, path: readonly string[]): unknown {
  read(document, path);
  const last = path.at(-1);
  const parent = read(document, path.slice(0, -1));
  if (last === undefined) throw rejectedPatch();
  if (Array.isArray(parent)) parent.splice(position(last, parent.length - 1), 1);
  else if (isRecord(parent)) delete parent[last];
  return document;
}

function position(step: string, highest: number): number {
  const index = /^(?:0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  if (index < 0 || index > highest) throw rejectedPatch();
  return index;
}

export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    );
  }
  return a === b;
}
