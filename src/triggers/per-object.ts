import type { KubernetesObject } from "../kubernetes/objects.ts";

/** Reads each object once, however many playbooks look at it. */
export function perObject<T>(read: (object: KubernetesObject) => T): (object: KubernetesObject) => T {
  const known = new WeakMap<KubernetesObject, { readonly value: T }>();
  return (object) => {
    const found = known.get(object) ?? { value: read(object) };
    known.set(object, found);
    return found.value;
  };
}
