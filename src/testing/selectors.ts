/** Label and field selectors, as far as they are used. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
import { meets, parseLabelSelector } from "../kubernetes/label-selector.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";

type Test = (object: KubernetesObject) => boolean;

/** Undefined for a text that is no selector. */
export function labelSelector(text: string): Test | undefined {
  try {
    const requirements = parseLabelSelector(text);
    return ({ metadata }) => requirements.every((requirement) => meets(metadata.labels ?? {}, requirement));
  } catch {
    return undefined;
  }
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

const parts = (text: string): string[] =>
  text
    .split(",")
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
