/** What becomes of a report of an alert, given its ledger, and what the ledger says afterwards. Pure: all times are arguments. */
import {
  type AlertFacts,
  type AlertState,
  beganBefore,
  ECHO_MS,
  endOf,
  judge,
  resolutionOf,
  START_SLACK_MS,
  type Verdict,
} from "./alert-episode.ts";
import type { Decision, Outcome, Repeat, Worked } from "./decision.ts";
import { copyToResume } from "./slots.ts";
import type { Facts, LedgerView, Slot } from "./state.ts";

/** Alertmanager repeats at most every 120 hours: its default retention caps `repeat_interval`. */
const OPEN_LIFE_MS = 7 * 24 * 3600 * 1000;
const RESOLVED_LIFE_MS = 48 * 3600 * 1000;
/** Repeats of a firing cost a write at most this often. */
const SEEN_EVERY_MS = 3600 * 1000;

export interface AlertReport {
  /** The delivery's id. */
  readonly id: string;
  readonly facts: AlertFacts;
}

/** `view` may hold the report's own slot, as a lease does, or not, as `read` gives it before the take. */
export function decideAlert(view: LedgerView<AlertState>, report: AlertReport, now: number): Decision {
  const { facts } = report;
  const state = withPending(view, report, now);
  const verdict = judge(state, facts, now);
  const { reason } = verdict;
  switch (verdict.is) {
    case "same":
      return { do: "same", refresh: state !== undefined && tellsMore(state, facts), ...repeatOf(state), reason };
    case "hold":
      return { do: "hold", until: facts.acceptedAt + ECHO_MS, reason };
    case "stale":
    case "overtaken":
      return { do: verdict.is, reason };
    default:
      return toRun(view, report, verdict, state);
  }
}

/**
 * What to end the lease with once the report has been worked as decided; `run` is the decision's run, or else the slot's. Undefined where
 * the ledger need not change: then release the lease and forget the slot.
 */
export function afterAlert(
  view: LedgerView<AlertState>,
  report: AlertReport,
  decision: Decision,
  { run, now, repeating = [], repeated = false }: Worked,
): Outcome<AlertState> | undefined {
  const { id, facts } = report;
  if (decision.do === "run") {
    const before = withPending(view, report, now);
    const closes = before !== undefined && decision.episode === before.episode;
    const copies = copiesOf(view, report);
    const accepted = copies.map((slot) => alertFactsOf(slot.facts)?.acceptedAt ?? 0);
    // The copies end here too, so what the last of them told is told by this one.
    const last = { ...facts, acceptedAt: Math.max(facts.acceptedAt, ...accepted) };
    const advanced = advance(before, last, closes ? "closing" : "opening", run);
    const state = repeating.length === 0 ? advanced : { ...advanced, repeats: { playbooks: repeating, count: 0 } };
    return { state, expiresAt: expiryOf(state), slots: [id, ...copies.map((slot) => slot.delivery)] };
  }
  if (decision.do !== "same" || !(decision.refresh || repeated) || view.state === undefined) return undefined;
  const seen = refreshed(view.state, facts);
  const state = repeated ? counted(seen) : seen;
  return { state, expiresAt: expiryOf(state), slots: [id] };
}

/** Only an episode that is open is repeated: its resolution is told once. */
function repeatOf(state: AlertState | undefined): { readonly repeat?: Repeat } {
  if (state?.repeats === undefined || resolutionOf(state) !== undefined) return {};
  const { playbooks, count } = state.repeats;
  return { repeat: { episode: state.episode, playbooks, number: count + 1 } };
}

const counted = ({ repeats, ...state }: AlertState): AlertState =>
  repeats === undefined ? state : { ...state, repeats: { ...repeats, count: repeats.count + 1 } };

function toRun(
  view: LedgerView<AlertState>,
  report: AlertReport,
  verdict: Verdict,
  state: AlertState | undefined,
): Decision {
  const resumed = copyToResume(view, copiesOf(view, report), report.id);
  const closes = verdict.is === "closing" && state !== undefined;
  return {
    do: "run",
    ...(resumed === undefined ? {} : { run: resumed.run }),
    ...(closes ? { episode: state.episode } : {}),
    reason:
      resumed === undefined ? verdict.reason : `${verdict.reason}; a copy of it was interrupted, and is gone on with`,
  };
}

/** Unfinished deliveries that say the same as this one: another peer's, with perhaps another start. */
function copiesOf(view: LedgerView<AlertState>, { id, facts }: AlertReport): Slot[] {
  return view.slots.filter((slot) => {
    const other = alertFactsOf(slot.facts);
    return slot.delivery !== id && other?.status === facts.status && overlap(other, facts);
  });
}

function overlap(a: AlertFacts, b: AlertFacts): boolean {
  if (a.startsAt === undefined || b.startsAt === undefined) return true;
  if (a.status === "resolved") return a.startsAt < endOf(b) && b.startsAt < endOf(a);
  const begins = (one: AlertFacts): number => one.startsAt ?? one.acceptedAt;
  const reaches = (one: AlertFacts): number => Math.max(begins(one), one.acceptedAt) + START_SLACK_MS;
  return begins(a) <= reaches(b) && begins(b) <= reaches(a);
}

/**
 * The state as it will be when the unfinished deliveries of the other phase have ended: to a resolution, an interrupted firing is an open
 * episode, and to a firing an interrupted resolution is one.
 */
function withPending(view: LedgerView<AlertState>, { id, facts }: AlertReport, now: number): AlertState | undefined {
  const pending = view.slots.flatMap((slot) => {
    const other = alertFactsOf(slot.facts);
    return slot.delivery === id || other === undefined || other.status === facts.status ? [] : [{ slot, other }];
  });
  pending.sort((a, b) => a.other.acceptedAt - b.other.acceptedAt);
  return pending.reduce<AlertState | undefined>((state, { slot, other }) => ended(state, other, slot, now), view.state);
}

function ended(state: AlertState | undefined, facts: AlertFacts, slot: Slot, now: number): AlertState | undefined {
  const { is } = judge(state, facts, now);
  if (is === "opening") return { ...advance(state, facts, is, slot.run), finished: [] };
  if (state === undefined) return undefined;
  if (is === "closing") return { ...advance(state, facts, is, slot.run), finished: state.finished };
  return is === "same" && tellsMore(state, facts) ? refreshed(state, facts) : state;
}

function advance(state: AlertState | undefined, facts: AlertFacts, is: "opening" | "closing", run: string): AlertState {
  const { acceptedAt } = facts;
  const opened = facts.startsAt ?? (facts.status === "firing" ? acceptedAt : endOf(facts));
  if (facts.status === "firing") {
    const resolution = state === undefined ? undefined : resolutionOf(state);
    const reopens = resolution !== undefined && beganBefore(resolution, facts);
    const firing: AlertState = { episode: run, opened, seen: acceptedAt, finished: ["firing"] };
    return reopens ? { ...firing, reopenedAt: acceptedAt } : firing;
  }
  const resolution = { resolvedAt: endOf(facts), resolvedAcceptedAt: acceptedAt };
  if (is === "closing" && state !== undefined) {
    return { ...state, ...resolution, finished: [...state.finished, "resolved"] };
  }
  return { episode: run, opened, seen: opened, ...resolution, finished: ["resolved"] };
}

/** A report that is not run may still say that the alert was seen, or resolved, later than the ledger knows. */
function refreshed(state: AlertState, { status, acceptedAt }: AlertFacts): AlertState {
  return status === "firing"
    ? { ...state, seen: Math.max(state.seen, acceptedAt) }
    : { ...state, resolvedAcceptedAt: acceptedAt };
}

function tellsMore(state: AlertState, { status, acceptedAt }: AlertFacts): boolean {
  const resolution = resolutionOf(state);
  if (status === "firing") return resolution === undefined && acceptedAt >= state.seen + SEEN_EVERY_MS;
  return resolution !== undefined && acceptedAt > resolution.acceptedAt;
}

function expiryOf(state: AlertState): number {
  const resolution = resolutionOf(state);
  return resolution === undefined ? state.seen + OPEN_LIFE_MS : resolution.acceptedAt + RESOLVED_LIFE_MS;
}

/** The facts of an alert as a slot keeps them; undefined where the slot is another kind's. */
export function alertFactsOf(facts: Facts): AlertFacts | undefined {
  const { status, startsAt, endsAt, acceptedAt } = facts;
  if ((status !== "firing" && status !== "resolved") || typeof acceptedAt !== "number") return undefined;
  return { status, startsAt: toTime(startsAt), endsAt: toTime(endsAt), acceptedAt };
}

function toTime(value: Facts[string]): number | undefined {
  return typeof value === "number" ? value : undefined;
}
