/** Some fields of an object, as a table. */
import { type TableBlock, table } from "./blocks.ts";

/** `name`, `[0]`, `["app.kubernetes.io/name"]` */
const segment = /\[(?:"([^"]*)"|([^\]]*))\]|[^.[\]]+/g;

/**
 * Some fields of an object, in the order in which they are named: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`.
 * `explanations` adds a column, by field. A field that the object does not have is empty.
 *
 * @example kubernetesFields(pod, ["metadata.name", "status.phase"], { "status.phase": "where it is in its life" })
 */
export function kubernetesFields(
  object: object,
  fields: readonly string[],
  explanations: Readonly<Record<string, string>> = {},
): TableBlock {
  const explained = Object.keys(explanations).length > 0;
  const headers = ["field", "value", ...(explained ? ["explanation"] : [])];
  const rows = fields.map((field) => [
    field,
    textOf(valueAt(object, field)),
    ...(explained ? [explanations[field] ?? ""] : []),
  ]);
  return table(headers, rows);
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

function valueAt(object: object, field: string): unknown {
  let value: unknown = object;
  for (const [whole, quoted, index] of field.matchAll(segment)) {
    const key = quoted ?? index ?? whole;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return;
    value = Reflect.get(value, key);
  }
  return value;
}
