/** A playbook as it runs: triggers (any of), actions (in order), sinks, stop. */
import type { AnyTrigger } from "../triggers/trigger.ts";
import type { AnyAction } from "./action.ts";

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
}

/** A trigger with its params, parsed. */
export interface TriggerUse {
  readonly trigger: AnyTrigger;
  readonly params: unknown;
}

/** An action with its params, parsed. */
export interface PlaybookStep {
  readonly action: AnyAction;
  readonly params: unknown;
}
