/** An action that somebody runs by hand: a playbook of one step, which is in no configuration. */

import type { InvocationDelivery } from "../delivery.ts";
import type { FieldProblem } from "../errors.ts";
import { ExecutionBaseEvent, KubernetesResourceEvent } from "../events/event.ts";
import { type EventClass, isSubclass } from "../events/event-class.ts";
import { eventClasses } from "../events/event-classes.gen.ts";
import { isKind, type Kind, kinds } from "../kubernetes/kinds.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { AnyAction } from "./action.ts";
import type { Configuration } from "./configuration.ts";
import { withArticle } from "./names.ts";
import { pathText, type Refusal } from "./params.ts";
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
export type Made = { readonly playbook: Playbook } | { readonly problems: readonly FieldProblem[] };

/** The id of the playbook that runs an action by hand: `~` is in no other's. */
export const byHand = (action: string) => `~${action}`;

export function makeInvocation(invocation: Invocation, { actions, configuration, sinks }: Invocable): Made {
  const action = actions.find(({ name }) => name === invocation.action);
  if (action === undefined) {
    const known = actions.map(({ name }) => name);
    const message = `There is no action ${quoted(invocation.action)}${didYouMean(invocation.action, known)}`;
    return { problems: [{ path: "action", message }] };
  }
  const entry = { name: action.name, params: invocation.params, path: ["invocation"] };
  const reader = new ParamsReader(configuration);
  const read = reader.parse(action.params, entry, reader.withGlobals(action, invocation.params));
  const problems = [
    ...targetProblems(action, invocation),
    ...sinkProblems(invocation, sinks),
    ...("refusals" in read ? read.refusals.map(inParams) : []),
  ];
  if (problems.length > 0 || "refusals" in read) return { problems };
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

const inParams = ({ path, message }: Refusal): FieldProblem => ({ path: pathText(["params", ...path]), message });

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

/** The kinds of objects that an action can be run on by hand. */
export const targetsOf = ({ on }: AnyAction): readonly Kind[] =>
  Object.keys(kinds).filter((kind) => isKind(kind) && isSubclass(eventClasses[kind].resource, on)) as Kind[];

function targetProblems(action: AnyAction, { target }: Invocation): FieldProblem[] {
  const never = neverByHand(action);
  if (never !== undefined) return [{ path: "action", message: never }];
  if (target !== undefined && !isKind(target.kind)) {
    const message = `There is no kind ${quoted(target.kind)} that Cortado knows${didYouMean(target.kind, Object.keys(kinds))}`;
    return [{ path: "target.kind", message }];
  }
  if (isSubclass(eventClassOf(target?.kind), action.on)) return [];
  const needed = targetsOf(action);
  const wanted = needed.length > 3 ? "an object" : needed.join(" or ");
  if (target === undefined) return [{ path: "target", message: `${action.name} needs a target: ${wanted}.` }];
  const message = `${action.name} takes ${withArticle(action.on.name)}, and the target is ${withArticle(target.kind)}; it needs ${wanted}.`;
  return [{ path: "target.kind", message }];
}

function sinkProblems({ sinks: wanted = [] }: Invocation, sinks: Invocable["sinks"]): FieldProblem[] {
  const known = sinks.map(({ name }) => name);
  return wanted.flatMap((name, index) => {
    if (known.includes(name)) return [];
    const message = `There is no sink called ${quoted(name)} in sinksConfig${didYouMean(name, known)}`;
    return [{ path: `sinks[${index}]`, message }];
  });
}
