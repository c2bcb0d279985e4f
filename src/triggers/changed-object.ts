/** What all triggers on changes of objects share: their params, and how a change is held to them. */
import * as z from "zod";
import type { ChangeDelivery, Operation } from "../delivery.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { scopeRefusal, scopeSchema } from "../scope.ts";
import { type Condition, firstRefusal, type Refusal, refusedBy, startsWith } from "./conditions.ts";
import { diffObjects } from "./diff.ts";
import { attributeTest, labelsSelector, selectorRefusal } from "./selectors.ts";
import type { Match } from "./trigger.ts";

export const operations = ["create", "update", "delete"] as const satisfies readonly Operation[];

export const changeFilters = z.strictObject({
  include: z.array(z.string()).default([]).describe("Only changes of a field whose path contains one of these"),
  ignore: z.array(z.string()).default([]).describe("Changes of these fields, and of those below them, do not count"),
});

export const changeParams = z.strictObject({
  name_prefix: z.string().optional().describe("How the object's name begins"),
  namespace_prefix: z.string().optional().describe("How its namespace begins"),
  labels_selector: labelsSelector
    .optional()
    .describe("`app=api,tier in (web,db),!canary`: all of it must hold, as in `kubectl -l`"),
  change_filters: changeFilters.optional().describe("On updates: which changes count"),
  scope: scopeSchema(["name", "namespace", "labels", "annotations", "attributes"])
    .optional()
    .describe("Which objects; `attributes` are paths into them, as in `status.phase=Pending`"),
});

export type ChangeParams = z.output<typeof changeParams>;

/** What a trigger is about, beside what its shared params say. */
export interface Meant {
  /** Undefined where the object is of a kind that is meant. */
  readonly kind: (object: KubernetesObject) => Refusal;
  readonly operations: readonly Operation[];
  /** Asked after the shared params: undefined where the object is in the state that is meant. */
  readonly state?: (delivery: ChangeDelivery) => Refusal;
}

/** Whether a change is what a trigger is about, and meets its params; on an update, with the changes that count. */
export function matchChange(delivery: ChangeDelivery, wanted: ChangeParams, meant: Meant): Match {
  const { operation } = delivery;
  const matched = firstRefusal(conditions, { delivery, meant }, wanted);
  return matched.fires === true && operation === "update" ? filterChanges(delivery, wanted) : matched;
}

interface Subject {
  readonly delivery: ChangeDelivery;
  readonly meant: Meant;
}

const conditions: readonly Condition<Subject, ChangeParams>[] = [
  ({ delivery: { object }, meant }) => meant.kind(object),
  ({ delivery: { operation }, meant }) => operationRefusal(operation, meant.operations),
  ({ delivery: { object } }, { name_prefix: prefix }) =>
    startsWith("name_prefix", "the object's name", object.metadata.name, prefix),
  ({ delivery: { object } }, { namespace_prefix: prefix }) =>
    startsWith("namespace_prefix", "the object's namespace", object.metadata.namespace, prefix),
  ({ delivery: { object } }, { labels_selector: selector }) =>
    refusedBy("labels_selector", selectorRefusal(selector, object.metadata.labels ?? {})),
  ({ delivery: { object } }, { scope }) => refusedBy("scope", scopeRefusal(scope, scopeSubject(object))),
  ({ delivery, meant }) => meant.state?.(delivery),
];

function operationRefusal(operation: Operation, wanted: readonly Operation[]): Refusal {
  if (wanted.includes(operation)) return undefined;
  return { condition: "operation", reason: () => `the object was ${operation}d, not ${wanted.join("d, ")}d` };
}

const scopeSubject = (object: KubernetesObject) => ({
  name: object.metadata.name,
  namespace: object.metadata.namespace,
  labels: object.metadata.labels ?? {},
  annotations: object.metadata.annotations ?? {},
  attributes: attributeTest(object),
});

/** An update whose old object is unknown fires: in doubt, people are told. */
function filterChanges({ object, oldObject }: ChangeDelivery, { change_filters: filters }: ChangeParams): Match {
  if (oldObject === undefined) return { fires: true };
  const all = diffObjects(oldObject, object);
  if (filters === undefined) return { fires: true, changes: all };
  const changes = all.filter(({ path }) => counts(path, filters));
  if (changes.length > 0) return { fires: true, changes };
  const reason = () => `change_filters let none of the ${all.length} changed fields through${exampleOf(all)}`;
  return { fires: false, condition: "change_filters", reason };
}

function counts(path: string, { include, ignore }: z.output<typeof changeFilters>): boolean {
  const ignored = ignore.some(
    (field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
  );
  return !ignored && (include.length === 0 || include.some((part) => path.includes(part)));
}

const exampleOf = ([first]: readonly FieldChange[]) => (first === undefined ? "" : `, ${first.path} for instance`);
