import microdiff from "microdiff";
import type { FieldChange, Json } from "../findings/blocks.ts";

/** Every field in which two objects differ, with its path: `spec.containers[0].image`. */
export function diffObjects(before: object, after: object): FieldChange[] {
  return microdiff(asRecord(before), asRecord(after), { cyclesFix: false }).map((difference) => ({
    path: pathOf(difference.path),
    ...(difference.type === "CREATE" ? {} : { before: difference.oldValue as Json }),
    ...(difference.type === "REMOVE" ? {} : { after: difference.value as Json }),
  }));
}

/** What tells the items of Kubernetes' lists apart: containers and variables, conditions, mounts, ports, tolerations, addresses. */
const itemKeys = ["name", "type", "mountPath", "containerPort", "port", "key", "ip"] as const;

/**
 * The same for readers: items of lists that have names are compared by these and not by their places, so that a variable more in front of
 * others is one change. Their paths are as in `spec.containers[api].env[DEBUG].value`.
 */
export function diffByName(before: object, after: object): FieldChange[] {
  const [named, renamed] = byName(before, after);
  return diffObjects(Object(named), Object(renamed));
}

type Pair = readonly [before: unknown, after: unknown];

function byName(before: unknown, after: unknown): Pair {
  if (!isRecord(before) || !isRecord(after)) {
    const lists = Array.isArray(before) && Array.isArray(after);
    return lists ? listsByName(before, after) : [before, after];
  }
  const both = Object.keys(before).filter((name) => Object.hasOwn(after, name));
  const pairs = both.map((name) => [name, byName(before[name], after[name])] as const);
  const side = (which: 0 | 1) => Object.fromEntries(pairs.map(([name, pair]) => [name, pair[which]]));
  return [
    { ...before, ...side(0) },
    { ...after, ...side(1) },
  ];
}

function listsByName(before: readonly unknown[], after: readonly unknown[]): Pair {
  const key = itemKeys.find((name) => isKeyOf(name, before) && isKeyOf(name, after));
  if (key === undefined) return [before, after];
  const named = (list: readonly unknown[]) => Object.fromEntries(list.map((item) => [`[${Object(item)[key]}]`, item]));
  return byName(named(before), named(after));
}

/** Whether every item of a list has it, each another. */
function isKeyOf(key: string, list: readonly unknown[]): boolean {
  const values = list.map((item) => (isRecord(item) ? item[key] : undefined));
  const tells = values.every((value) => typeof value === "string" || typeof value === "number");
  return tells && new Set(values).size === list.length;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asRecord = (value: object): Record<string, unknown> => ({ ...value });

function pathOf(segments: readonly (string | number)[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    return path === "" || segment.startsWith("[") ? `${path}${segment}` : `${path}.${segment}`;
  }, "");
}
