/** The custom resources of a fake cluster: read by what references say of them. All are in a namespace. */
import { groupOf } from "../kubernetes/kinds.ts";
import type { Reference } from "../kubernetes/kubernetes.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { pluralOf } from "../kubernetes/plural.ts";
import { RefusedError } from "./object-store.ts";
import { completeCustomObject, type ObjectInput } from "./objects.ts";

export class CustomObjects {
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #served = new Set<string>();

  /** Throws a TypeError where it does not say its version and kind. */
  put(input: ObjectInput): void {
    const object = completeCustomObject(input);
    const { apiVersion, kind, metadata } = object;
    this.#served.add(keyOf(apiVersion, kind));
    this.#objects.set(keyOf(apiVersion, kind, metadata.namespace, metadata.name), object);
  }

  /** A kind is served where an object of it was put. */
  find({ apiVersion, kind, name }: Reference, namespace: string): KubernetesObject | undefined {
    if (!this.#served.has(keyOf(apiVersion, kind))) {
      throw new RefusedError(404, `it has no ${kind} in ${apiVersion}`, "NotServed");
    }
    return structuredClone(this.#objects.get(keyOf(apiVersion, kind, namespace, name)));
  }
}

/** As in RBAC: `rollouts.argoproj.io`. */
export function customResourceOf({ apiVersion, kind }: Reference): string {
  const group = groupOf({ apiVersion });
  return group ? `${pluralOf(kind)}.${group}` : pluralOf(kind);
}

const keyOf = (...words: readonly (string | undefined)[]): string => words.join(" ");
