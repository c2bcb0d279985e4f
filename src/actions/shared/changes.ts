/** What people want to read of a change. */
import { diffByName, type FieldChange, type KubernetesAnyChangeEvent } from "../../index.ts";

/** The API server's bookkeeping, and the copy of the object that `kubectl apply` keeps in it. */
const bookkeeping = [
  "metadata.managedFields",
  "metadata.resourceVersion",
  "metadata.generation",
  "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
];

/** With the items of lists by their names, those of the event's changes that say something; empty where the object before is not known. */
export function readableChanges({
  obj,
  oldObj,
  changes,
}: Pick<KubernetesAnyChangeEvent, "obj" | "oldObj" | "changes">): readonly FieldChange[] {
  if (oldObj === undefined) return [];
  const counted = changes
    .map(({ path }) => fieldOf(path))
    .filter((field) => !bookkeeping.some((other) => isWithin(field, other)));
  return diffByName(oldObj, obj).filter(({ path }) => {
    const field = fieldOf(path);
    return counted.some((other) => isWithin(other, field) || isWithin(field, other));
  });
}

/** `spec.containers.image` of `spec.containers[0].image` */
const fieldOf = (path: string): string => path.replaceAll(/\[[^\]]*\]/g, "");

const isWithin = (field: string, whole: string): boolean => field === whole || field.startsWith(`${whole}.`);
