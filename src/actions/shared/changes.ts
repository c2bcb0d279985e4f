/** What people want to read of a change. */
import type { FieldChange, KubernetesAnyChangeEvent } from "../../index.ts";

/** The API server's bookkeeping, and the copy of the object that `kubectl apply` keeps in it. */
const bookkeeping = [
  "metadata.managedFields",
  "metadata.resourceVersion",
  "metadata.generation",
  "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
];

export const readableChanges = ({ changes }: Pick<KubernetesAnyChangeEvent, "changes">): readonly FieldChange[] =>
  changes.filter(({ path }) => !bookkeeping.some((field) => path === field || path.startsWith(`${field}[`)));
