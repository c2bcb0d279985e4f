/** What is said of names that stand for nothing, and of names that do not fit together. */

import { type EventClass, isSubclass } from "../events/event-class.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { AnyTrigger } from "../triggers/trigger.ts";
import type { AnyAction } from "./action.ts";

/** Why an action cannot run under a trigger; undefined where it can. */
export function misfit(trigger: AnyTrigger, { name, on }: AnyAction): string | undefined {
  if (isSubclass(trigger.emits, on)) return undefined;
  const higher = ancestors(on).find((ancestor) => isSubclass(trigger.emits, ancestor));
  const hint = higher ? `; use a higher class: ${higher.name}` : "";
  return `${name} takes ${withArticle(on.name)}, but ${trigger.name} emits ${withArticle(trigger.emits.name)}${hint}.`;
}

/** Nearest first. */
function ancestors({ parents }: EventClass<never>): EventClass<never>[] {
  return parents.length === 0 ? [] : [...parents, ...parents.flatMap(ancestors)];
}

export const withArticle = (name: string) => `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;

/** `model`: the names that Robusta has. */
export function unknownName(
  name: string,
  { a, model, known }: { readonly a: string; readonly model: ReadonlySet<string>; readonly known: readonly string[] },
): string {
  if (model.has(name)) return `${quoted(name)} is ${a} of Robusta that Cortado does not have yet.`;
  return `There is no ${a.replace(/^an? /, "")} ${quoted(name)}${didYouMean(name, known)}`;
}
