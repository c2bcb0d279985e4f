import microdiff from "microdiff";
import type { FieldChange, Json } from "../findings/blocks.ts";

/** Every field in which two objects differ, with its path: `spec.containers[0].image`. */
export function diffObjects(before: object, after: object): FieldChange[] {
  return microdiff(asRecord(before), asRecord(after), { cyclesFix: false }).map((difference) => ({
    path: pathOf(difference.path),
    ...(difference.type === "CREATE" ? {} : { before: difference.oldValue as Json }),
    ...(difference.type === "REMOVE" ? {} : { after: difference.value as Json }),
  }));
}

const asRecord = (value: object): Record<string, unknown> => ({ ...value });

function pathOf(segments: readonly (string | number)[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    return path === "" ? segment : `${path}.${segment}`;
  }, "");
}
