/** The triggers `on_<kind>_{create,update,delete,all_changes}`, made from the table of kinds. */
import * as z from "zod";
import type { ChangeDelivery, Operation } from "../delivery.ts";
import { KubernetesAnyChangeEvent } from "../events/event.ts";
import type { EventClass } from "../events/event-class.ts";
import { type EventKind, eventClasses } from "../events/event-classes.gen.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { scopeRefusal, scopeSchema } from "../scope.ts";
import { type Condition, equals, firstRefusal, type Refusal, refusedBy, startsWith } from "./conditions.ts";
import { diffObjects } from "./diff.ts";
import { attributeTest, selectorRefusal } from "./selectors.ts";
import { type AnyTrigger, type Match, type Trigger, type TriggerUse, useTrigger } from "./trigger.ts";

const changeFilters = z.strictObject({
  include: z.array(z.string()).default([]).describe("Only changes of a field whose path contains one of these"),
  ignore: z.array(z.string()).default([]).describe("Changes of these fields, and of those below them, do not count"),
});

const params = z.strictObject({
  name_prefix: z.string().optional(),
  namespace_prefix: z.string().optional(),
  labels_selector: z.string().optional().describe("`a=b,c=d`: all of them must be there"),
  change_filters: changeFilters.optional().describe("On updates: which changes count"),
  scope: scopeSchema(["name", "namespace", "labels", "annotations", "attributes"]).optional(),
});

type Params = z.output<typeof params>;

/** What users write after the kind, and the operation it stands for. */
const suffixes = {
  create: ["create"],
  update: ["update"],
  delete: ["delete"],
  all_changes: ["create", "update", "delete"],
} as const satisfies Record<string, readonly Operation[]>;

type Suffix = keyof typeof suffixes;

/** A kind as it stands in a trigger's name: `horizontalpodautoscaler`. */
const inTriggerName = (kind: string) => kind.toLowerCase();

/** A trigger with its params, for playbooks in TypeScript: `onPodUpdate({ namespace_prefix: "shop" })`. Throws a ZodError. */
export type ChangeTrigger<E> = (given?: z.input<typeof params>) => TriggerUse<E>;

export const changeTrigger =
  <E>(kind: EventKind, suffix: Suffix): ChangeTrigger<E> =>
  (given = {}) =>
    useTrigger(definitionOf<E>(kind, suffix), given);

function definitionOf<E>(kind: EventKind | undefined, suffix: Suffix): Trigger<E, ChangeDelivery, typeof params> {
  const operations: readonly Operation[] = suffixes[suffix];
  const emits: EventClass<never> = kind === undefined ? KubernetesAnyChangeEvent : eventClasses[kind].change;
  const what = suffix === "all_changes" ? "is created, updated or deleted" : `is ${suffix}d`;
  return {
    name: `on_${kind === undefined ? "kubernetes_any_resource" : inTriggerName(kind)}_${suffix}`,
    description: `${kind ?? "An object of any kind"} ${what}.`,
    // The class is the kind's; `triggers/kinds.gen.ts` says so to the compiler.
    emits: emits as EventClass<E>,
    delivery: "change",
    params,
    match: (delivery, wanted) => match(delivery, wanted, kind, operations),
  };
}

/** All of them, for every kind with events, and for any kind. */
export const objectChangeTriggers: readonly AnyTrigger[] = (Object.keys(suffixes) as Suffix[]).flatMap((suffix) => [
  ...(Object.keys(eventClasses) as EventKind[]).map((kind) => definitionOf<never>(kind, suffix)),
  definitionOf<never>(undefined, suffix),
]);

function match(
  delivery: ChangeDelivery,
  wanted: Params,
  kind: EventKind | undefined,
  operations: readonly Operation[],
): Match {
  const matched = firstRefusal(
    conditions,
    { object: delivery.object, operation: delivery.operation, kind, operations },
    wanted,
  );
  return matched.fires === true && delivery.operation === "update" ? filterChanges(delivery, wanted) : matched;
}

/** A change, with the kind and the operations that the trigger's name stands for. */
interface Subject extends Pick<ChangeDelivery, "object" | "operation"> {
  readonly kind: EventKind | undefined;
  readonly operations: readonly Operation[];
}

const conditions: readonly Condition<Subject, Params>[] = [
  ({ object, kind }) => equals("kind", "the object's kind", object.kind, kind),
  ({ operation, operations }) => operationRefusal(operation, operations),
  ({ object }, { name_prefix: prefix }) => startsWith("name_prefix", "the object's name", object.metadata.name, prefix),
  ({ object }, { namespace_prefix: prefix }) =>
    startsWith("namespace_prefix", "the object's namespace", object.metadata.namespace, prefix),
  ({ object }, { labels_selector: selector }) =>
    refusedBy("labels_selector", selectorRefusal(selector, object.metadata.labels ?? {})),
  ({ object }, { scope }) => refusedBy("scope", scopeRefusal(scope, scopeSubject(object))),
];

function operationRefusal(operation: Operation, operations: readonly Operation[]): Refusal {
  if (operations.includes(operation)) return undefined;
  return { condition: "operation", reason: () => `the object was ${operation}d, not ${operations.join("d, ")}d` };
}

const scopeSubject = (object: KubernetesObject) => ({
  name: object.metadata.name,
  namespace: object.metadata.namespace,
  labels: object.metadata.labels ?? {},
  annotations: object.metadata.annotations ?? {},
  attributes: attributeTest(object),
});

/** An update whose old object is unknown fires: in doubt, people are told. */
function filterChanges({ object, oldObject }: ChangeDelivery, { change_filters: filters }: Params): Match {
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
