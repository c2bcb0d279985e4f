/**
 * Event classes: what an action asks for and what a trigger emits.
 *
 * An event class is declared twice in one breath: an interface for the compiler and a value of the same name for the loader.
 * `eventClass` refuses to compile unless both describe the same lattice, so the two cannot disagree.
 */

/** Marks an interface as the event class `Name`, so that no look-alike passes for it. Exists for the compiler only. */
export type Is<Name extends string> = { readonly [K in `~${Name}`]: true };

/** The names of every event class that `E` belongs to. */
type Names<E> = E extends unknown
  ? keyof E extends infer K
    ? K extends `~${infer Name}`
      ? Name
      : never
    : never
  : never;

declare const accepts: unique symbol;

/** The run-time side of an event class. Contravariant: a class of more events accepts each of fewer. */
export interface EventClass<in E> {
  readonly name: string;
  readonly parents: readonly EventClass<never>[];
  /** For the compiler only. */
  readonly [accepts]: (event: E) => void;
}

type Accepted<C> = C extends EventClass<infer E> ? E : never;

/** `unknown` when name and parents account for every class that `E` claims, else a readable refusal. */
type Complete<E, Name, Parents extends readonly EventClass<never>[]> = [
  Exclude<Names<E>, Name | Names<Accepted<Parents[number]>>>,
] extends [never]
  ? unknown
  : { readonly "event class misses the parent": Exclude<Names<E>, Name | Names<Accepted<Parents[number]>>> };

/** Declares the run-time side of the event class `E`. Does not compile if the name is misspelt or a parent missing or too many. */
export function eventClass<E, const Name extends Names<E>, Parents extends readonly EventClass<NoInfer<E>>[]>(
  name: Name,
  ...parents: Parents & Complete<E, Name, Parents>
): EventClass<E> {
  return { name, parents } as unknown as EventClass<E>;
}

/** Whether an action that takes `wanted` may be given the events of `emitted`. Compared by name: bundles bring copies. */
export function isSubclass(emitted: EventClass<never>, wanted: EventClass<never>): boolean {
  return emitted.name === wanted.name || emitted.parents.some((parent) => isSubclass(parent, wanted));
}

const kClass = Symbol.for("cortado.event-class");

/** Makes an event of a class. The members are checked; the marks, which exist for the compiler only, are not asked for. */
export function createEvent<E>(eventClass: EventClass<E>, members: Omit<NoInfer<E>, `~${string}`>): E {
  return Object.defineProperty(members, kClass, { value: eventClass }) as unknown as E;
}

/** Whether an event belongs to a class, for the rare action that takes a general class and looks closer. */
export function isA<E>(event: object, wanted: EventClass<E>): event is E & object {
  return kClass in event && isSubclass(event[kClass] as EventClass<never>, wanted);
}
