/** Careful looks into JSON of unknown shape. */

export type JsonRecord = Record<string, unknown>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is at a path of keys, `undefined` where it ends early. A number picks an item of a list. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof step === "number") here = Array.isArray(here) ? here[step] : undefined;
    else here = isRecord(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

export const recordsAt = (value: unknown, ...path: readonly (string | number)[]): readonly JsonRecord[] => {
  const list = at(value, ...path);
  return Array.isArray(list) ? list.filter(isRecord) : [];
};

export const textAt = (value: unknown, ...path: readonly (string | number)[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
};

/** RFC 3339 with whole seconds, as the API server writes times. */
export const timestamp = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
