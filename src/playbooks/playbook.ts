/** A playbook as it runs: triggers (any of), actions (in order), sinks, stop. And how one is written in TypeScript. */
import type { TriggerUse } from "../triggers/trigger.ts";
import type { AnyAction, Step } from "./action.ts";
import type { SecretReader } from "./references.ts";

export type { TriggerUse } from "../triggers/trigger.ts";

export interface Playbook {
  /** The same as long as the playbook stays what it is; part of keys in the state table. */
  readonly id: string;
  readonly name: string;
  /** Where it is written: `cortado.yaml:12`. */
  readonly at: string;
  readonly triggers: readonly TriggerUse[];
  readonly steps: readonly PlaybookStep[];
  /** Absent: every sink with `default: true`. */
  readonly sinks?: readonly string[];
  /** Whether later playbooks are kept from seeing what this one ran for. */
  readonly stop: boolean;
  /** One of many that everybody has: nothing is said of why it does not run. */
  readonly builtin?: true;
}

/** An action with its params, parsed. */
export interface PlaybookStep {
  readonly action: AnyAction;
  readonly params: unknown;
  /**
   * Present where the params hold `{{ secret.… }}` references: reads them from the cluster and gives the params to run with. `params` is
   * undefined then. Throws an Error that names what is missing, never a value.
   */
  readonly resolveParams?: (readSecret: SecretReader) => Promise<unknown>;
}

const kPlaybook = Symbol.for("cortado.playbook");

type Emitted<T extends readonly TriggerUse[]> = T[number] extends infer U
  ? U extends TriggerUse<infer E>
    ? E
    : never
  : never;

export interface PlaybookDefinition<T extends readonly TriggerUse[]> {
  readonly name?: string;
  /** Any of them starts the playbook. */
  readonly triggers: T;
  /** Run in order; each must take what every trigger emits. */
  readonly actions: readonly Step<NoInfer<Emitted<T>>>[];
  /** Names of sinks; absent: every sink with `default: true`. */
  readonly sinks?: readonly string[];
  readonly stop?: boolean;
}

/** A playbook as its author wrote it in TypeScript. */
export interface TypedPlaybook {
  readonly [kPlaybook]: true;
  readonly name?: string;
  readonly triggers: readonly TriggerUse[];
  readonly actions: readonly Step<never>[];
  readonly sinks?: readonly string[];
  readonly stop: boolean;
}

/** Defines a playbook. Export the result of a playbook repository; nothing is registered. */
export function playbook<const T extends readonly TriggerUse[]>(definition: PlaybookDefinition<T>): TypedPlaybook {
  return { ...definition, [kPlaybook]: true, stop: definition.stop ?? false };
}

export const isPlaybook = (value: unknown): value is TypedPlaybook =>
  typeof value === "object" && value !== null && kPlaybook in value;
