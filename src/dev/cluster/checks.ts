/** What a new object is checked for. */

import { randomInt } from "node:crypto";
import { recordsAt } from "./json.ts";
import { invalid } from "./status.ts";
import type { ApiObject } from "./store.ts";

/** The letters that the API server draws from: no vowels, nothing that is easily misread. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export function generatedName(prefix: string | undefined): string {
  if (prefix === undefined || prefix === "") return "";
  return prefix + Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
}

const dnsName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsNameRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** RBAC's names are free: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
const freelyNamed = /Role(?:Binding)?$/;

export function checkName(kind: string, name: string): void {
  if (name === "") {
    throw invalid(kind, "", name, {
      field: "metadata.name",
      reason: "FieldValueRequired",
      message: "Required value: name or generateName is required",
    });
  }
  if (freelyNamed.test(kind) || (name.length <= 253 && dnsName.test(name))) return;
  throw invalid(kind, "", name, {
    field: "metadata.name",
    reason: "FieldValueInvalid",
    message: `Invalid value: "${name}": ${dnsNameRule}`,
  });
}

/** A pod without containers is what people send by mistake; schemas are not checked any further. */
export function checkSpec(object: ApiObject): void {
  if (object.kind !== "Pod" || recordsAt(object, "spec", "containers").length > 0) return;
  throw invalid("Pod", "", object.metadata.name, {
    field: "spec.containers",
    reason: "FieldValueRequired",
    message: "Required value",
  });
}
