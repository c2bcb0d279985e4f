/** What becomes of a delivery, by its kind: one question and one answer for the pipeline. Pure. */
import type { AlertDelivery, ChangeDelivery, Delivery, IncomingDelivery } from "../delivery.ts";
import type { AlertFacts, AlertState } from "./alert-episode.ts";
import { afterAlert, decideAlert } from "./decide-alert.ts";
import { afterInvocation, decideInvocation, type InvocationState } from "./decide-invocation.ts";
import { afterObject, type ChangeFacts, decideObject, type ObjectState } from "./decide-object.ts";
import type { Decision, Outcome, Worked } from "./decision.ts";
import type { Facts, Lease, LedgerView } from "./state.ts";

export type { Decision, Worked } from "./decision.ts";

/** What the ledger of a key remembers; of which kind follows from the key. */
export type LedgerState = AlertState | ObjectState | InvocationState;

/** What the ledger keeps of a delivery while it is worked. */
export function factsOf(delivery: Delivery): Facts {
  switch (delivery.kind) {
    case "alert":
      return { ...alertFacts(delivery) };
    case "change":
      return { ...changeFacts(delivery) };
    case "invocation":
    case "notify":
      return {};
  }
}

const alertFacts = ({ alert, acceptedAt }: AlertDelivery): AlertFacts => ({
  status: alert.status,
  startsAt: alert.startsAt,
  endsAt: alert.endsAt,
  acceptedAt,
});

const changeFacts = ({ operation, object, key }: ChangeDelivery): ChangeFacts => ({
  operation,
  uid: object.metadata.uid ?? key,
  resourceVersion: object.metadata.resourceVersion,
});

export function decide(delivery: IncomingDelivery, view: LedgerView<LedgerState>, now: number): Decision {
  const { id } = delivery;
  switch (delivery.kind) {
    case "alert":
      return decideAlert(ofAlert(view), { id, facts: alertFacts(delivery) }, now);
    case "change":
      return decideObject(ofObject(view), { id, facts: changeFacts(delivery) });
    case "invocation":
      return decideInvocation(ofInvocation(view), id);
  }
}

/** Why a delivery that has just arrived needs no work and no write; undefined where it does, or may: a playbook may be due again. */
export function isKnown(delivery: IncomingDelivery, view: LedgerView<LedgerState>, now: number): string | undefined {
  const decision = decide(delivery, view, now);
  if (decision.do === "run" || decision.do === "hold") return undefined;
  const matters = decision.do === "same" && (decision.refresh || decision.repeat !== undefined);
  return matters ? undefined : decision.reason;
}

/** When an episode of an alert was resolved, in milliseconds since the epoch; undefined while it is open. */
export function resolvedAt({ state }: LedgerView<LedgerState>, episode: string): number | undefined {
  return state !== undefined && "episode" in state && state.episode === episode ? state.resolvedAt : undefined;
}

/** Ends the lease of a delivery that was worked as decided: what the ledger remembers from now on, or that nothing changed. */
export async function endLease(
  lease: Lease<LedgerState>,
  delivery: IncomingDelivery,
  decision: Decision,
  worked: Worked,
): Promise<void> {
  const outcome = after(lease, delivery, decision, worked);
  await (outcome === undefined ? lease.release({ forget: true }) : lease.end(outcome));
}

function after(
  view: LedgerView<LedgerState>,
  delivery: IncomingDelivery,
  decision: Decision,
  worked: Worked,
): Outcome<LedgerState> | undefined {
  const { id } = delivery;
  switch (delivery.kind) {
    case "alert":
      return afterAlert(ofAlert(view), { id, facts: alertFacts(delivery) }, decision, worked);
    case "change":
      return afterObject(ofObject(view), { id, facts: changeFacts(delivery) }, decision, worked);
    case "invocation":
      return afterInvocation(id, decision, worked);
  }
}

// The ledger of a key holds the state of the key's kind, which is the delivery's.
const ofAlert = (view: LedgerView<LedgerState>) => view as LedgerView<AlertState>;
const ofObject = (view: LedgerView<LedgerState>) => view as LedgerView<ObjectState>;
const ofInvocation = (view: LedgerView<LedgerState>) => view as LedgerView<InvocationState>;
