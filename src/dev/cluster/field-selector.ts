/** Field selectors: few fields of few kinds, with the API server's words for all others. */

import { at } from "./json.ts";
import type { Selector } from "./label-selector.ts";
import type { Resource } from "./resources.ts";
import { badRequest } from "./status.ts";
import type { ApiObject } from "./store.ts";

/** Beside `metadata.name` and `metadata.namespace`: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/ */
const selectableFields: Readonly<Record<string, readonly string[]>> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  events: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  nodes: ["spec.unschedulable"],
  namespaces: ["status.phase"],
  secrets: ["type"],
  jobs: ["status.successful"],
};

export function fieldSelector(text: string, resource: Resource): Selector {
  const terms = text.split(",").filter((term) => term !== "");
  const selectors = terms.map((term) => fieldTerm(term, resource));
  return (object) => selectors.every((fits) => fits(object));
}

function fieldTerm(term: string, resource: Resource): Selector {
  const match = /^(?<field>[^=!]+)(?<operator>==|=|!=)(?<value>.*)$/.exec(term)?.groups;
  if (match === undefined) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const { field = "", operator = "", value = "" } = match;
  checkField(field, resource);
  const wanted = operator !== "!=";
  return (object) => (fieldOf(object, field) === value) === wanted;
}

function checkField(field: string, { plural, group, kind, versions }: Resource): void {
  if (field === "metadata.name" || field === "metadata.namespace") return;
  const known = selectableFields[plural];
  if (known?.includes(field)) return;
  if (known === undefined) {
    throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  throw badRequest(
    plural === "jobs"
      ? `field label "${field}" not supported for ${group}${versions[0]}.${kind}`
      : `field label not supported: ${field}`,
  );
}

function fieldOf(object: ApiObject, field: string): string {
  if (field === "source") return String(at(object, "source", "component") ?? at(object, "reportingComponent") ?? "");
  if (field === "status.successful") return String(at(object, "status", "succeeded") ?? 0);
  if (field === "spec.unschedulable") return String(at(object, "spec", "unschedulable") ?? false);
  return String(at(object, ...field.split(".")) ?? "");
}
