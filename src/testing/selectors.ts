/** Label and field selectors, as far as they are used. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
import type { KubernetesObject } from "../kubernetes/objects.ts";

type Test = (object: KubernetesObject) => boolean;

const setBased = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^()]*)\)$/;
const equality = /^([^\s!=,()]+)\s*(==?|!=)\s*([^\s!=,()]*)$/;
const existence = /^(!?)\s*([^\s!=,()]+)$/;

/** Undefined for a text that is no selector. */
export function labelSelector(text: string): Test | undefined {
  const tests = parts(text).map(labelTest);
  if (tests.includes(undefined)) return undefined;
  return ({ metadata }) => tests.every((test) => test?.(metadata.labels ?? {}));
}

function labelTest(part: string): ((labels: Readonly<Record<string, string>>) => boolean) | undefined {
  const labelOf = (labels: Readonly<Record<string, string>>, key: string) =>
    Object.hasOwn(labels, key) ? labels[key] : undefined;
  const [, setKey, operator, set] = setBased.exec(part) ?? [];
  if (setKey !== undefined && set !== undefined) {
    const values = set.split(",").map((value) => value.trim());
    return (labels) => values.includes(labelOf(labels, setKey) ?? "\0") === (operator === "in");
  }
  const [, key, comparison, wanted] = equality.exec(part) ?? [];
  if (key !== undefined) return (labels) => (labelOf(labels, key) === wanted) === (comparison !== "!=");
  const [, negation, name] = existence.exec(part) ?? [];
  return name === undefined ? undefined : (labels) => Object.hasOwn(labels, name) === (negation === "");
}

/** Undefined for a text that is no selector. A field that an object does not have is empty. */
export function fieldSelector(text: string): Test | undefined {
  const tests = parts(text).map((part) => {
    const [, path, comparison, wanted] = /^([^\s!=]+)(==?|!=)(.*)$/.exec(part) ?? [];
    if (path === undefined) return undefined;
    return (object: KubernetesObject) => (fieldOf(object, path) === wanted) === (comparison !== "!=");
  });
  if (tests.includes(undefined)) return undefined;
  return (object) => tests.every((test) => test?.(object));
}

/** Commas within brackets separate values, not parts. */
const parts = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

function fieldOf(object: unknown, path: string): string {
  const value = path.split(".").reduce<unknown>((inner, key) => {
    return typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
      ? Reflect.get(inner, key)
      : undefined;
  }, object);
  return value === undefined || value === null ? "" : String(value);
}
