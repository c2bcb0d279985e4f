/** Matching as a list of conditions, each of which passes or says in a sentence why not. */
import type { Match } from "./trigger.ts";

/** Undefined where the condition holds. */
export type Refusal = string | undefined;

/** The first refusal, or that it fires. Conditions are evaluated in order, so that cheap ones come first. */
export function firstRefusal(conditions: Iterable<Refusal>): Match {
  for (const reason of conditions) {
    if (reason !== undefined) return { fires: false, reason };
  }
  return { fires: true };
}

const quoted = (text: string | undefined) => (text === undefined ? "none" : JSON.stringify(text));

export function equals(what: string, actual: string | undefined, wanted: string | undefined): Refusal {
  if (wanted === undefined || actual === wanted) return undefined;
  return `${what} is ${quoted(actual)}, not ${quoted(wanted)}`;
}

export function startsWith(what: string, actual: string | undefined, prefix: string | undefined): Refusal {
  if (prefix === undefined || actual?.startsWith(prefix)) return undefined;
  return `${what} is ${quoted(actual)}, which does not start with ${quoted(prefix)}`;
}
