/** An event class and its interface describe one lattice, or do not compile. Checked by `npm run types`. */
import { type EventClass, eventClass, type Is } from "../../src/events/event-class.ts";
import { KubernetesAnyChangeEvent, NodeEvent, PodEvent } from "../../src/index.ts";

interface X extends PodEvent, KubernetesAnyChangeEvent, Is<"X"> {}

export const right: EventClass<X> = eventClass("X", PodEvent, KubernetesAnyChangeEvent);
// @ts-expect-error the name is misspelt
export const misspelt: EventClass<X> = eventClass("Xx", PodEvent, KubernetesAnyChangeEvent);
// @ts-expect-error a parent that the interface extends is missing
export const missing: EventClass<X> = eventClass("X", PodEvent);
// @ts-expect-error the interface does not extend this parent
export const claimed: EventClass<X> = eventClass("X", PodEvent, KubernetesAnyChangeEvent, NodeEvent);
