/**
 * What the side that answers senders needs of a generation: plain data, so that it never runs playbook code. Worker threads send it to
 * the HTTP thread; a function reads what its build wrote.
 */
import type { ClusterRules, Token } from "../auth/authenticate.ts";
import type { Signer } from "../auth/signature.ts";
import type { Bundle } from "../bundles/compile.ts";
import type { RepositorySource } from "../bundles/sources/sources.ts";
import type { SlackApp } from "../buttons/apps.ts";
import { ConfigurationError } from "../errors.ts";
import type { RelabelRule } from "../receivers/receiver.ts";
import type { AnyTrigger, TriggerUse } from "../triggers/trigger.ts";
import type { ActionFacts } from "./action-facts.ts";
import type { Playbook } from "./playbook.ts";

export interface Manifest {
  /** The hash of the generation. */
  readonly generation: string;
  readonly playbooks: readonly WatchedPlaybook[];
  readonly tokens: readonly Token[];
  readonly signers: readonly Signer[];
  readonly clusters: ClusterRules;
  readonly relabel: readonly RelabelRule[];
  readonly actions: readonly ActionFacts[];
  /** Where there are any, these alone may be run by hand. */
  readonly lightActions: readonly string[];
  /** Whose buttons are answered. */
  readonly slackApps: readonly SlackApp[];
  /** Compiled once, and loaded by every thread as they are. */
  readonly bundles: readonly Bundle[];
}

/** What a generation is made of beside the text of its configuration: it may change while a server runs. */
export interface Sources {
  /** Absolute paths of the files that the configuration refers to. */
  readonly files: readonly string[];
  readonly repositories: readonly RepositorySource[];
}

interface WatchedPlaybook extends Pick<Playbook, "name" | "builtin"> {
  readonly triggers: readonly { readonly name: string; readonly params: unknown }[];
}

/** A playbook as far as the first look at a delivery needs it. */
export type Watch = Pick<Playbook, "name" | "builtin" | "triggers">;

export const watchedPlaybooks = (playbooks: readonly Watch[]): readonly WatchedPlaybook[] =>
  playbooks.map(({ triggers, ...of }) => ({
    ...namesOf(of),
    triggers: triggers.map(({ trigger, params }) => ({ name: trigger.name, params })),
  }));

const namesOf = ({ name, builtin }: Pick<Playbook, "name" | "builtin">) => ({ name, ...(builtin ? { builtin } : {}) });

/** Throws a ConfigurationError for a trigger that is not there: the manifest is of another version of Cortado. */
export function watchesOf(manifest: Manifest, triggers: readonly AnyTrigger[]): readonly Watch[] {
  const byName = new Map(triggers.map((trigger) => [trigger.name, trigger]));
  return manifest.playbooks.map((playbook) => ({
    ...namesOf(playbook),
    triggers: playbook.triggers.map(({ name, params }): TriggerUse => {
      const trigger = byName.get(name);
      if (trigger !== undefined) return { trigger, params };
      const message = `the manifest names the trigger ${name}, which this version does not have; build it again`;
      throw new ConfigurationError([{ at: "manifest", message }]);
    }),
  }));
}
