/** What becomes of a delivery, by its kind: one question and one answer for the pipeline. */
import type { IncomingDelivery } from "../delivery.ts";
import type { AlertState } from "./alert-episode.ts";
import { type AlertReport, afterAlert, decideAlert } from "./decide-alert.ts";
import { afterObject, decideObject, type ObjectReport, type ObjectState } from "./decide-object.ts";
import type { Decision, Outcome } from "./decision.ts";
import type { Facts, LedgerView } from "./state.ts";

/** What the ledger of a key remembers; which one follows from the key. */
export type LedgerState = AlertState | ObjectState;

type Question =
  | { readonly kind: "alert"; readonly view: LedgerView<AlertState>; readonly report: AlertReport }
  | { readonly kind: "change"; readonly view: LedgerView<ObjectState>; readonly report: ObjectReport };

function questionOf(delivery: IncomingDelivery, view: LedgerView<LedgerState>): Question {
  const { id } = delivery;
  // The ledger of a key holds the state of the key's kind, which is the delivery's.
  return delivery.kind === "alert"
    ? { kind: "alert", view: view as LedgerView<AlertState>, report: { id, facts: alertFacts(delivery) } }
    : { kind: "change", view: view as LedgerView<ObjectState>, report: { id, facts: objectFacts(delivery) } };
}
