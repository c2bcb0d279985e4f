/** Matching as a list of conditions, each of which passes or says why not. */
import type { Match } from "./trigger.ts";

/** Undefined where the condition holds; else its name, as users write it, and what makes a sentence of it when somebody wants to read it. */
export type Refusal = { readonly condition: string; readonly reason: () => string } | undefined;

/** One condition that a trigger's params may set on a subject. */
export type Condition<S, P> = (subject: S, params: P) => Refusal;

/** The first refusal, or that it fires. Conditions are evaluated in order, so that cheap ones come first. */
export function firstRefusal<S, P>(conditions: readonly Condition<S, P>[], subject: S, params: P): Match {
  for (const refuses of conditions) {
    const refusal = refuses(subject, params);
    if (refusal !== undefined) return { fires: false, condition: refusal.condition, reason: refusal.reason };
  }
  return { fires: true };
}

/** A refusal by something that knows no conditions. */
export const refusedBy = (condition: string, reason: (() => string) | undefined): Refusal =>
  reason === undefined ? undefined : { condition, reason };

const quoted = (text: string | undefined) => (text === undefined ? "none" : JSON.stringify(text));

/** `what` is the thing in words, for the sentence. */
export function equals(
  condition: string,
  what: string,
  actual: string | undefined,
  wanted: string | undefined,
): Refusal {
  if (wanted === undefined || actual === wanted) return undefined;
  return { condition, reason: () => `${what} is ${quoted(actual)}, not ${quoted(wanted)}` };
}

export function startsWith(
  condition: string,
  what: string,
  actual: string | undefined,
  prefix: string | undefined,
): Refusal {
  if (prefix === undefined || actual?.startsWith(prefix)) return undefined;
  return { condition, reason: () => `${what} is ${quoted(actual)}, which does not start with ${quoted(prefix)}` };
}
