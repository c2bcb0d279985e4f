/** The triggers on objects of any kind, those that Cortado has no event class for included. */
import * as z from "zod";
import type { ChangeDelivery } from "../delivery.ts";
import { KubernetesAnyChangeEvent } from "../events/event.ts";
import { groupOf } from "../kubernetes/kinds.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { changeFilters, changeParams, matchChange, operations } from "./changed-object.ts";
import type { Refusal } from "./conditions.ts";
import { isKindNamed, type KindName, kindName } from "./kind-name.ts";
import { happening, type Suffix, suffixes, suffixNames } from "./object-changes.ts";
import { type AnyTrigger, type Trigger, type TriggerUse, trigger, useTrigger } from "./trigger.ts";

const anyParams = changeParams.extend({
  group: z.string().optional().describe('Only objects of this API group: `argoproj.io`; "" is the core group'),
  kind: z.string().optional().describe("Only objects of this kind: `Rollout`"),
});

type AnyParams = z.output<typeof anyParams>;

const anyResource = (suffix: Suffix): Trigger<KubernetesAnyChangeEvent, ChangeDelivery, typeof anyParams> => ({
  name: `on_kubernetes_any_resource_${suffix}`,
  description: `An object of any kind, or of the group and kind given, ${happening(suffix)}.`,
  emits: KubernetesAnyChangeEvent,
  delivery: "change",
  params: anyParams,
  match: (delivery, wanted) =>
    matchChange(delivery, wanted, {
      kind: (object) => anyRefusal(object, wanted),
      operations: suffixes[suffix],
    }),
});

function anyRefusal(object: KubernetesObject, { group, kind }: AnyParams): Refusal {
  const own = groupOf(object);
  if (kind !== undefined && object.kind?.toLowerCase() !== kind.toLowerCase()) {
    return { condition: "kind", reason: () => `the object's kind is ${JSON.stringify(object.kind)}, not "${kind}"` };
  }
  if (group !== undefined && own !== group) {
    return { condition: "group", reason: () => `the object's group is ${JSON.stringify(own)}, not "${group}"` };
  }
  return undefined;
}

/** As the model has it: what people write, and not what controllers write back. */
const operationFilters: z.input<typeof changeFilters> = {
  include: ["spec"],
  ignore: ["status", "metadata.generation", "metadata.resourceVersion", "metadata.managedFields", "spec.replicas"],
};

const operationParams = changeParams.extend({
  resources: z
    .array(kindName)
    .default([])
    .describe("Kinds: `deployment`, or with their group: `rollout.argoproj.io`. All where it is left out or empty"),
  operations: z.array(z.enum(operations)).default([]).describe("All where it is left out or empty"),
  change_filters: changeFilters
    .prefault(operationFilters)
    .describe("On updates: which changes count. By default those in the spec, but not of the number of replicas"),
});

export const resourceOperation = trigger({
  name: "on_kubernetes_resource_operation",
  description: "An object of one of the kinds is created, updated or deleted, as the params say.",
  emits: KubernetesAnyChangeEvent,
  delivery: "change",
  params: operationParams,
  match: (delivery: ChangeDelivery, wanted) =>
    matchChange(delivery, wanted, {
      kind: (object) => resourceRefusal(object, wanted.resources),
      operations: wanted.operations.length === 0 ? operations : wanted.operations,
    }),
});

function resourceRefusal(object: KubernetesObject, resources: readonly KindName[]): Refusal {
  if (resources.length === 0 || resources.some((name) => isKindNamed(object, name))) return undefined;
  const wanted = resources.map(({ written }) => written).join(", ");
  return {
    condition: "resources",
    reason: () => `the object's kind is ${JSON.stringify(object.kind)}, none of ${wanted}`,
  };
}

export const anyResourceTriggers: readonly AnyTrigger[] = [...suffixNames.map(anyResource), resourceOperation];

type AnyResourceTrigger = (given?: z.input<typeof anyParams>) => TriggerUse<KubernetesAnyChangeEvent>;
const anyTrigger =
  (suffix: Suffix): AnyResourceTrigger =>
  (given = {}) =>
    useTrigger(anyResource(suffix), given);

export const onKubernetesAnyResourceCreate: AnyResourceTrigger = anyTrigger("create");
export const onKubernetesAnyResourceUpdate: AnyResourceTrigger = anyTrigger("update");
export const onKubernetesAnyResourceDelete: AnyResourceTrigger = anyTrigger("delete");
export const onKubernetesAnyResourceAllChanges: AnyResourceTrigger = anyTrigger("all_changes");

/** For playbooks in TypeScript. Throws a ZodError. */
export const onKubernetesResourceOperation = (
  given: z.input<typeof operationParams> = {},
): TriggerUse<KubernetesAnyChangeEvent> => useTrigger(resourceOperation, given);
