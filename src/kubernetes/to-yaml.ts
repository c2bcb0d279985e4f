import type { KubernetesObject } from "./objects.ts";

/** A copy of the object in an annotation: it says nothing new, and may say what a Secret holds. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * An object as YAML, as `kubectl get -o yaml` prints it: without `managedFields` and without the annotation in which `kubectl apply`
 * keeps a copy. A Secret's values are not shown.
 */
export async function toYaml(object: KubernetesObject): Promise<string> {
  const { yamlText } = await import("./yaml-text.ts");
  const fields = Object.entries(object).map(([name, value]) => [name, shown(object, name, value)]);
  return yamlText(Object.fromEntries(fields));
}

function shown({ kind }: KubernetesObject, name: string, value: unknown): unknown {
  if (name === "metadata") return shownMetadata(Object(value));
  const secret = kind === "Secret" && (name === "data" || name === "stringData");
  return secret ? Object.fromEntries(Object.keys(Object(value)).map((key) => [key, "<hidden>"])) : value;
}

function shownMetadata({ managedFields: _, annotations, ...metadata }: Record<string, unknown>) {
  const kept = Object.entries(Object(annotations)).filter(([name]) => name !== lastApplied);
  return { ...metadata, ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }) };
}
