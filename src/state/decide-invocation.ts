/** What becomes of an invocation: it is worked once. A copy of it, of a queue for instance, is known by the ledger. Pure. */
import type { Decision, Outcome } from "./decision.ts";
import type { LedgerView } from "./state.ts";

/** What the ledger of an invocation remembers. */
export interface InvocationState {
  /** Why there is nothing to do any more. */
  readonly ended: string;
}

/** Longer than any queue keeps a copy. */
const LIFE_MS = 24 * 3600 * 1000;

/** The run is called as the delivery, so that whoever wished it can ask for it from the start. */
export function decideInvocation({ state }: LedgerView<InvocationState>, id: string): Decision {
  if (state !== undefined) return { do: "same", refresh: false, reason: state.ended };
  return { do: "run", run: id, reason: "an invocation" };
}

export function afterInvocation(
  id: string,
  decision: Decision,
  { now }: { readonly now: number },
): Outcome<InvocationState> | undefined {
  return decision.do === "run" ? endedInvocation(id, "the invocation has been worked", now) : undefined;
}

/** What the ledger says of an invocation that is not to be worked any more. */
export const endedInvocation = (id: string, ended: string, now: number): Outcome<InvocationState> => ({
  state: { ended },
  expiresAt: now + LIFE_MS,
  slots: [id],
});
