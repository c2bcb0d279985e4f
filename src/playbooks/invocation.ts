/** An action that somebody runs by hand: a playbook of one step, which is in no configuration. */

import type { InvocationDelivery } from "../delivery.ts";
import { didYouMean, quoted } from "../did-you-mean.ts";
import { ExecutionBaseEvent, KubernetesResourceEvent } from "../events/event.ts";
import { type EventClass, isSubclass } from "../events/event-class.ts";
import { eventClasses } from "../events/event-classes.gen.ts";
import { isKind, kinds } from "../kubernetes/kinds.ts";
import type { AnyAction } from "./action.ts";
import type { Configuration } from "./configuration.ts";
import { withArticle } from "./names.ts";
import { ParamsReader } from "./params-reader.ts";
import type { Playbook } from "./playbook.ts";

/** What is asked of a generation to find the action that is meant. */
export interface Invocable {
  readonly actions: readonly AnyAction[];
  readonly configuration: Configuration;
  readonly sinks: readonly { readonly name: string }[];
}

type Invocation = Pick<InvocationDelivery, "action" | "params" | "target" | "sinks">;

/** The playbook that runs it, or every reason why it cannot be run. */
export type Made = { readonly playbook: Playbook } | { readonly problems: readonly string[] };

/** `~` is in no playbook's id. */
const byHand = (action: string) => `~${action}`;

export function makeInvocation(invocation: Invocation, { actions, configuration, sinks }: Invocable): Made {
  const action = actions.find(({ name }) => name === invocation.action);
  if (action === undefined) {
    const known = actions.map(({ name }) => name);
    return { problems: [`There is no action ${quoted(invocation.action)}${didYouMean(invocation.action, known)}`] };
  }
  const entry = { name: action.name, params: invocation.params, path: ["invocation"] };
  const reader = new ParamsReader(configuration);
  const read = reader.read(action.params, entry, reader.withGlobals(action, invocation.params));
  const problems = [
    ...targetProblems(action, invocation),
    ...sinkProblems(invocation, sinks),
    ...("problems" in read ? read.problems.map(({ message }) => message) : []),
  ];
  if (problems.length > 0 || "problems" in read) return { problems };
  const id = byHand(action.name);
  const step = { action, ...read };
  return {
    playbook: {
      id,
      name: action.name,
      at: "invocation",
      triggers: [],
      steps: [step],
      stop: false,
      ...(invocation.sinks === undefined ? {} : { sinks: invocation.sinks }),
    },
  };
}

/** The event class of an invocation on such an object, or on none. */
export function eventClassOf(kind: string | undefined): EventClass<never> {
  return kind !== undefined && isKind(kind) ? eventClasses[kind].resource : ExecutionBaseEvent;
}

/** Why an action can be run by hand under no circumstances; undefined where it can. */
export function neverByHand({ name, on }: AnyAction): string | undefined {
  if (takesAnything(on) || Object.values(eventClasses).some(({ resource }) => isSubclass(resource, on)))
    return undefined;
  return `${name} takes ${withArticle(on.name)}, which only what really happened can bring; it runs under a trigger.`;
}

const takesAnything = (on: EventClass<never>): boolean => isSubclass(KubernetesResourceEvent, on);

function targetProblems(action: AnyAction, { target }: Invocation): string[] {
  const never = neverByHand(action);
  if (never !== undefined) return [never];
  if (target !== undefined && !isKind(target.kind)) {
    return [`There is no kind ${quoted(target.kind)} that Cortado knows${didYouMean(target.kind, Object.keys(kinds))}`];
  }
  if (isSubclass(eventClassOf(target?.kind), action.on)) return [];
  const needed = Object.entries(eventClasses).flatMap(([kind, { resource }]) =>
    isSubclass(resource, action.on) ? [kind] : [],
  );
  const wanted = needed.length > 3 ? "an object" : needed.join(" or ");
  return [
    target === undefined
      ? `${action.name} needs a target: ${wanted}.`
      : `${action.name} takes ${withArticle(action.on.name)}, and the target is ${withArticle(target.kind)}; it needs ${wanted}.`,
  ];
}

function sinkProblems({ sinks: wanted = [] }: Invocation, sinks: Invocable["sinks"]): string[] {
  const known = sinks.map(({ name }) => name);
  return wanted
    .filter((name) => !known.includes(name))
    .map((name) => `There is no sink called ${quoted(name)} in sinksConfig${didYouMean(name, known)}`);
}
