/** What becomes of a change of an object, given its ledger, and what the ledger says afterwards. Pure. */
import type { Operation } from "../delivery.ts";
import type { Decision, Outcome } from "./decision.ts";
import { copyToResume } from "./slots.ts";
import type { LedgerView, Slot } from "./state.ts";

/** A type and not an interface, so that it can be given to `take` as it is. */
export type ChangeFacts = {
  readonly operation: Operation;
  readonly uid: string;
  /** Absent where the sender knew none: then a delivery's id is what it is known by. */
  readonly resourceVersion?: string | undefined;
};

export interface ObjectReport {
  /** The delivery's id. */
  readonly id: string;
  readonly facts: ChangeFacts;
}

/** What the ledger of an object remembers. */
export interface ObjectState {
  readonly created: boolean;
  readonly deleted: boolean;
  /** The newest version that was worked. Versions are integers of any length, and never JavaScript numbers. */
  readonly newest?: string;
  /** The versions worked last, at most 200, in the order of their work; and ids of deliveries that had no version. */
  readonly versions: readonly string[];
}

const VERSIONS_KEPT = 200;
/** Audit webhooks and queues repeat within minutes. */
const LIFE_MS = 24 * 3600 * 1000;

const NOTHING: ObjectState = { created: false, deleted: false, versions: [] };

/** A creation and a deletion are known by the object's uid, an update by its version. Without `view`'s state nothing was worked yet. */
export function decideObject(view: LedgerView<ObjectState>, change: ObjectReport): Decision {
  const state = view.state ?? NOTHING;
  const { operation } = change.facts;
  if (operation === "create" && state.created) return same("the object's creation has been worked");
  if (operation === "delete" && state.deleted) return same("the object's deletion has been worked");
  if (operation === "update" && state.versions.includes(versionOf(change))) {
    return same("this version has been worked: a copy, or a write that changed nothing");
  }
  const late = operation !== "delete" && (state.deleted || isOlder(change.facts.resourceVersion, state.newest));
  const reason = late ? "a newer version has been worked already" : `a new ${operation}`;
  const resumed = copyToResume(view, copiesOf(view, change), change.id);
  if (resumed === undefined) return { do: "run", late, reason };
  return { do: "run", run: resumed.run, late, reason: `${reason}; a copy of it was interrupted, and is gone on with` };
}

/** What to end the lease with. Undefined where the ledger need not change: then release the lease and forget the slot. */
export function afterObject(
  view: LedgerView<ObjectState>,
  change: ObjectReport,
  decision: Decision,
  { now }: { readonly now: number },
): Outcome<ObjectState> | undefined {
  if (decision.do !== "run") return undefined;
  const before = view.state ?? NOTHING;
  const { operation, resourceVersion } = change.facts;
  const newest = isOlder(resourceVersion, before.newest) ? before.newest : (resourceVersion ?? before.newest);
  const others = before.versions.filter((version) => version !== versionOf(change));
  const state: ObjectState = {
    created: before.created || operation === "create",
    deleted: before.deleted || operation === "delete",
    ...(newest === undefined ? {} : { newest }),
    versions: [...others, versionOf(change)].slice(-VERSIONS_KEPT),
  };
  const copies = copiesOf(view, change).map((slot) => slot.delivery);
  return { state, expiresAt: now + LIFE_MS, slots: [change.id, ...copies] };
}

function same(reason: string): Decision {
  return { do: "same", refresh: false, reason };
}

function versionOf({ id, facts }: ObjectReport): string {
  return facts.resourceVersion ?? `id:${id}`;
}

/** Unfinished deliveries of the same change. */
function copiesOf(view: LedgerView<ObjectState>, change: ObjectReport): Slot[] {
  const { operation, resourceVersion } = change.facts;
  return view.slots.filter((slot) => {
    if (slot.delivery === change.id || slot.facts.operation !== operation) return false;
    return operation !== "update" || (resourceVersion !== undefined && slot.facts.resourceVersion === resourceVersion);
  });
}

/** By value: versions outgrow what a JavaScript number can tell apart. What is no integer cannot be compared. */
function isOlder(version: string | undefined, than: string | undefined): boolean {
  if (version === undefined || than === undefined) return false;
  return isInteger(version) && isInteger(than) && BigInt(version) < BigInt(than);
}

function isInteger(text: string): boolean {
  return /^\d+$/.test(text);
}
