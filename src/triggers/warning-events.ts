/** The triggers on Events of type Warning. */
import * as z from "zod";
import type { ChangeDelivery, Operation } from "../delivery.ts";
import { EventChangeEvent } from "../events/kubernetes.gen.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { changeParams, matchChange, operations } from "./changed-object.ts";
import type { Refusal } from "./conditions.ts";
import { kindRefusal } from "./object-changes.ts";
import { perObject } from "./per-object.ts";
import { rateLimit, withMore } from "./rate-limit.ts";
import { type AnyTrigger, type Match, type Trigger, type TriggerUse, trigger, useTrigger } from "./trigger.ts";
import { workloadKeyNamed } from "./workload-key.ts";

const params = changeParams.omit({ change_filters: true }).extend({
  rate_limit: rateLimit(3600).describe(
    "Once in how many seconds for each workload and reason; 0: every time. It counts from when it fired last",
  ),
  include: z
    .array(z.string())
    .nullish()
    .describe("Only events with one of these in their reason or their note, in any case"),
  exclude: z
    .array(z.string())
    .nullish()
    .describe("No events with one of these in their reason or their note, in any case"),
});

const withOperations = params.extend({
  operations: z.array(z.enum(operations)).nullish().describe("All where it is left out or empty"),
});

const warningEvent = trigger({
  name: "on_kubernetes_warning_event",
  description: "Kubernetes warns of something: an Event of type Warning is written, counted up, or removed.",
  emits: EventChangeEvent,
  delivery: "change",
  params: withOperations,
  match: (delivery: ChangeDelivery, wanted) =>
    matchWarning(delivery, wanted, wanted.operations?.length ? wanted.operations : operations),
});

const warningEventOn = (operation: Operation): Trigger<EventChangeEvent, ChangeDelivery, typeof params> => ({
  name: `on_kubernetes_warning_event_${operation}`,
  description: `Kubernetes warns of something: an Event of type Warning is ${operation}d.`,
  emits: EventChangeEvent,
  delivery: "change",
  params,
  match: (delivery, wanted) => matchWarning(delivery, wanted, [operation]),
});

export const warningEventTriggers: readonly AnyTrigger[] = [warningEvent, ...operations.map(warningEventOn)];

type WarningTrigger = (given?: z.input<typeof params>) => TriggerUse<EventChangeEvent>;
const warningTrigger =
  (operation: Operation): WarningTrigger =>
  (given = {}) =>
    useTrigger(warningEventOn(operation), given);

/** For playbooks in TypeScript; each throws a ZodError. */
export const onKubernetesWarningEvent = (given: z.input<typeof withOperations> = {}): TriggerUse<EventChangeEvent> =>
  useTrigger(warningEvent, given);
export const onKubernetesWarningEventCreate: WarningTrigger = warningTrigger("create");
export const onKubernetesWarningEventUpdate: WarningTrigger = warningTrigger("update");
export const onKubernetesWarningEventDelete: WarningTrigger = warningTrigger("delete");

type Params = z.output<typeof params>;

function matchWarning(delivery: ChangeDelivery, wanted: Params, meant: readonly Operation[]): Match {
  const match = matchChange(delivery, wanted, {
    kind: (object) => kindRefusal(object, "Event"),
    operations: meant,
    state: ({ object }) => warningRefusal(readEvent(object), wanted),
  });
  return withMore(match, () => ({ limit: { of: keyOf(delivery.object), seconds: wanted.rate_limit } }));
}

const text = z.string().catch("");
const eventShape = z.object({
  type: text,
  reason: text,
  note: z.string().optional().catch(undefined),
  message: text,
  involvedObject: z
    .object({ kind: text, name: text, namespace: z.string().optional().catch(undefined) })
    .catch({ kind: "", name: "" }),
});
const nothing: z.output<typeof eventShape> = {
  type: "",
  reason: "",
  message: "",
  involvedObject: { kind: "", name: "" },
};

const readEvent = perObject((object) => eventShape.safeParse(object).data ?? nothing);

function warningRefusal({ type, reason, note, message }: ReturnType<typeof readEvent>, wanted: Params): Refusal {
  if (type !== "Warning")
    return { condition: "type", reason: () => `the Event's type is ${type || "none"}, not Warning` };
  const said = `${reason} ${note ?? message}`.toLowerCase();
  const has = (part: string) => said.includes(part.toLowerCase());
  const excluding = wanted.exclude?.find(has);
  if (excluding !== undefined)
    return { condition: "exclude", reason: () => `exclude has ${JSON.stringify(excluding)}` };
  if (!wanted.include?.length || wanted.include.some(has)) return undefined;
  return { condition: "include", reason: () => `include has nothing of ${reason}: ${note ?? message}` };
}

/** `BackOff of pod shop/checkout` */
function keyOf(object: KubernetesObject): string {
  const { reason, involvedObject } = readEvent(object);
  return `${reason} of ${workloadKeyNamed(involvedObject.kind, involvedObject.name, involvedObject.namespace)}`;
}
