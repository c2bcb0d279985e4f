/** The triggers `on_<kind>_{create,update,delete,all_changes}`, made from the table of kinds. */
import type * as z from "zod";
import type { ChangeDelivery, Operation } from "../delivery.ts";
import type { EventClass } from "../events/event-class.ts";
import { type EventKind, eventClasses } from "../events/event-classes.gen.ts";
import { kindOf } from "../kubernetes/kinds.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { changeParams, matchChange, operations } from "./changed-object.ts";
import type { Refusal } from "./conditions.ts";
import { type AnyTrigger, type Trigger, type TriggerUse, useTrigger } from "./trigger.ts";

/** What users write after the kind, and the operations it stands for. */
export const suffixes = {
  create: ["create"],
  update: ["update"],
  delete: ["delete"],
  all_changes: operations,
} as const satisfies Record<string, readonly Operation[]>;

export type Suffix = keyof typeof suffixes;
export const suffixNames = Object.keys(suffixes) as Suffix[];

/** As it goes on in a description: `A Pod is updated`. */
export const happening = (suffix: Suffix): string =>
  suffix === "all_changes" ? "is created, updated or deleted" : `is ${suffix}d`;

/** A trigger with its params, for playbooks in TypeScript: `onPodUpdate({ namespace_prefix: "shop" })`. Throws a ZodError. */
export type ChangeTrigger<E> = (given?: z.input<typeof changeParams>) => TriggerUse<E>;

export const changeTrigger =
  <E>(kind: EventKind, suffix: Suffix): ChangeTrigger<E> =>
  (given = {}) =>
    useTrigger(definitionOf<E>(kind, suffix), given);

function definitionOf<E>(kind: EventKind, suffix: Suffix): Trigger<E, ChangeDelivery, typeof changeParams> {
  const emits: EventClass<never> = eventClasses[kind].change;
  const meant = { kind: (object: KubernetesObject) => kindRefusal(object, kind), operations: suffixes[suffix] };
  return {
    name: `on_${kind.toLowerCase()}_${suffix}`,
    description: `${kind} ${happening(suffix)}.`,
    // The class is the kind's; `triggers/kinds.gen.ts` says so to the compiler.
    emits: emits as EventClass<E>,
    delivery: "change",
    params: changeParams,
    match: (delivery, wanted) => matchChange(delivery, wanted, meant),
  };
}

/** All of them, for every kind with events. */
export const objectChangeTriggers: readonly AnyTrigger[] = suffixNames.flatMap((suffix) =>
  (Object.keys(eventClasses) as EventKind[]).map((kind) => definitionOf<never>(kind, suffix)),
);

/** A kind of the same name in another group, a Service of Knative for instance, is another kind. */
export function kindRefusal(object: KubernetesObject, kind: EventKind): Refusal {
  if (kindOf(object) === kind) return undefined;
  const { kind: own, apiVersion } = object;
  const actual = own === kind ? `${JSON.stringify(own)} of ${apiVersion}` : JSON.stringify(own ?? "none");
  return { condition: "kind", reason: () => `the object's kind is ${actual}, not ${JSON.stringify(kind)}` };
}
