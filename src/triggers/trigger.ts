/** The trigger port: whether a delivery concerns a playbook, and as which event class; else why not. */
import type * as z from "zod";
import type { Delivery, IncomingDelivery } from "../delivery.ts";
import type { EventClass } from "../events/event-class.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";

/**
 * Yes; no, with the condition that does not hold, as users write it; or maybe: the payload alone cannot tell, `confirm` will. `reason`
 * makes a sentence of a no. Most deliveries end with one, and hardly any is ever read. `phase` marks a no that is only about the alert's
 * phase (firing, resolved): the delivery is worked all the same, for its messages.
 */
export type Match =
  | Firing
  | { readonly fires: "maybe" }
  | { readonly fires: false; readonly condition: string; readonly reason: () => string; readonly phase?: true };

export interface Firing {
  readonly fires: true;
  /** What changed, where the trigger looks at that. */
  readonly changes?: readonly FieldChange[];
  /** After how long the playbook runs again while the alert fires on; absent for never. */
  readonly repeatSeconds?: number;
  readonly limit?: Limit;
  /** It is about how the object is now, so it does not count where a newer version has been worked already. */
  readonly aboutNow?: true;
}

/** How often a playbook runs for the same thing. It is marked at work, after everything else has matched. */
export interface Limit {
  /** What it counts for, in words and as its key: `deployment shop/checkout`. */
  readonly of: string;
  readonly seconds: number;
  /** It happens once, so nobody waits for the end of that time: it is how long a mark is kept. */
  readonly once?: true;
}

export interface Trigger<E, D extends IncomingDelivery = IncomingDelivery, P extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly emits: EventClass<E>;
  /** The kind of delivery that it looks at. */
  readonly delivery: D["kind"];
  readonly params: P;
  /** From the payload alone: no I/O, and microseconds. */
  readonly match: (delivery: D, params: z.output<P>) => Match;
  /** Only after a `maybe`, at work: may ask the cluster. */
  readonly confirm?: (delivery: D, params: z.output<P>, cluster: Cluster) => Promise<Match>;
}

/** Any trigger, for lists and for the loader. */
export interface AnyTrigger {
  readonly name: string;
  readonly description: string;
  readonly emits: EventClass<never>;
  readonly delivery: Delivery["kind"];
  readonly params: z.ZodType;
  readonly match: (delivery: never, params: never) => Match;
  readonly confirm?: (delivery: never, params: never, cluster: Cluster) => Promise<Match>;
}

export const trigger = <E, D extends IncomingDelivery, P extends z.ZodType>(
  definition: Trigger<E, D, P>,
): Trigger<E, D, P> => definition;

declare const emitted: unique symbol;

/** A trigger with its params, parsed. */
export interface TriggerUse<out E = unknown> {
  readonly trigger: AnyTrigger;
  readonly params: unknown;
  /** For the compiler only. */
  readonly [emitted]?: E;
}

/** A trigger with its params, for playbooks in TypeScript. Throws a ZodError. */
export const useTrigger = <E, D extends IncomingDelivery, P extends z.ZodType>(
  definition: Trigger<E, D, P>,
  params: z.input<P>,
): TriggerUse<E> => ({ trigger: definition, params: definition.params.parse(params) });
