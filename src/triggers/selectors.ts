/** Selectors over an object: `labels_selector`, and the `attributes` of a scope. */

/** `a=b,c=d`, equality only: all of them must hold. Undefined where they do, else what makes the sentence that says which does not. */
export function selectorRefusal(
  selector: string | undefined,
  labels: Readonly<Record<string, string>>,
): (() => string) | undefined {
  const parts = selector?.split(",").filter((part) => part.trim() !== "") ?? [];
  for (const part of parts) {
    const [name = "", value = ""] = part.split("=").map((text) => text.trim());
    const actual = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (actual !== value)
      return () =>
        `the label ${name} is ${actual === undefined ? "not there" : JSON.stringify(actual)}, not "${value}"`;
  }
  return undefined;
}

const attributePart = /^\s*([^\s!=]+)\s*(!?=)\s*(.*?)\s*$/;

/** Whether an object meets every part of `status.phase=Pending, spec.containers[0].name!=bad`; values are compared without case. */
export function attributeTest(object: object): (expression: string) => boolean {
  return (expression) =>
    expression.split(",").every((part) => {
      const [, path = "", operator, wanted = ""] = attributePart.exec(part) ?? [];
      if (operator === undefined) return false;
      const actual = String(valueAt(object, path) ?? "").toLowerCase();
      return (actual === wanted.toLowerCase()) === (operator === "=");
    });
}

function valueAt(object: unknown, path: string): unknown {
  const segments = path.split(/[.[\]]+/).filter((segment) => segment !== "");
  return segments.reduce<unknown>(
    (value, segment) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, segment)
        ? (value as Record<string, unknown>)[segment]
        : undefined,
    object,
  );
}
