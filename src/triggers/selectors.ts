/** Selectors over an object: `labels_selector`, and the `attributes` of a scope. */
import * as z from "zod";
import { LabelSelectorError, meets, parseLabelSelector, type Requirement } from "../kubernetes/label-selector.ts";

/** Of every selector that was met: they come from the configuration, so they are few. */
const parsed = new Map<string, readonly Requirement[]>();

/** A comma at the end says nothing. Throws a LabelSelectorError. */
function requirementsOf(selector: string): readonly Requirement[] {
  const known = parsed.get(selector);
  if (known !== undefined) return known;
  const requirements = parseLabelSelector(selector.replace(/[\s,]+$/, ""));
  parsed.set(selector, requirements);
  return requirements;
}

export const labelsSelector = z.string().superRefine((text, context) => {
  try {
    requirementsOf(text);
  } catch (error) {
    if (!(error instanceof LabelSelectorError)) throw error;
    context.addIssue({ code: "custom", message: `"${text}" is no label selector: ${error.message}.` });
  }
});

/** Undefined where labels meet all of a selector, else what makes the sentence that says which part they do not. */
export function selectorRefusal(
  selector: string | undefined,
  labels: Readonly<Record<string, string>>,
): (() => string) | undefined {
  if (selector === undefined) return undefined;
  const unmet = requirementsOf(selector).find((requirement) => !meets(labels, requirement));
  return unmet && (() => `the label ${unmet.key} is ${valueIn(labels, unmet.key)}${wantedWords(unmet)}`);
}

const valueIn = (labels: Readonly<Record<string, string>>, key: string): string =>
  Object.hasOwn(labels, key) ? JSON.stringify(labels[key]) : "not there";

function wantedWords({ operator, values }: Requirement): string {
  switch (operator) {
    case "exists":
      return "";
    case "absent":
    case "notin":
      return ", as it may not be";
    case "in":
      return `, not ${values.map((value) => JSON.stringify(value)).join(" or ")}`;
    default:
      return `, not ${operator} ${values.join()}`;
  }
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
