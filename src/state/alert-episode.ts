/**
 * Episodes of an alert, as one report at a time tells them. Two firing reports are of one episode if they overlap in time, which is how
 * Alertmanager itself merges: it keeps the earliest start. The tables are in docs/semantics.md.
 */

/** What a report of an alert says, in milliseconds since the epoch. A type and not an interface, so that it can be given to `take`. */
export type AlertFacts = {
  readonly status: "firing" | "resolved";
  readonly startsAt?: number | undefined;
  /** Of a resolved one; its acceptance where it is absent. */
  readonly endsAt?: number | undefined;
  readonly acceptedAt: number;
};

/** What the ledger of an alert remembers, in milliseconds since the epoch. */
export interface AlertState {
  /** The run that opened it; a ulid. */
  readonly episode: string;
  readonly opened: number;
  /** When a firing report was last accepted, to the hour. */
  readonly seen: number;
  /** When the firing was accepted that proved the resolution before it false; absent where there was none. */
  readonly reopenedAt?: number;
  /** When it ended, as the resolution said; absent while it is open. */
  readonly resolvedAt?: number;
  /** When the last resolution was accepted. */
  readonly resolvedAcceptedAt?: number;
  /** The phases that have been worked to an end. */
  readonly finished: readonly AlertFacts["status"][];
  /** Which of its playbooks may run again, by their ids, and how often that has happened; absent where none may. */
  readonly repeats?: { readonly playbooks: readonly string[]; readonly count: number };
}

/** What a report is to an episode. */
export interface Verdict {
  readonly is: "opening" | "closing" | "same" | "stale" | "overtaken" | "hold";
  readonly reason: string;
}

/** Starts of one episode differ by so much between two Prometheus of one pair. */
export const START_SLACK_MS = 2 * 60 * 1000;
/** So long after a resolution a peer may still report the firing that it ended. */
export const ECHO_MS = 60 * 1000;

/** What a report is to the episode that the ledger remembers. When in doubt, it fires. */
export function judge(state: AlertState | undefined, facts: AlertFacts, now: number): Verdict {
  if (state === undefined) return { is: "opening", reason: `the first report of this alert, ${facts.status}` };
  const resolution = resolutionOf(state);
  if (facts.status === "firing") {
    return resolution === undefined ? firingOfOpen(state, facts) : firingOfResolved(resolution, facts, now);
  }
  return resolution === undefined ? resolvedOfOpen(state, facts) : resolvedOfResolved(resolution, facts);
}

interface Resolution {
  readonly at: number;
  readonly acceptedAt: number;
}

export function resolutionOf({ resolvedAt, resolvedAcceptedAt }: AlertState): Resolution | undefined {
  return resolvedAt === undefined ? undefined : { at: resolvedAt, acceptedAt: resolvedAcceptedAt ?? resolvedAt };
}

export function endOf({ endsAt, acceptedAt }: AlertFacts): number {
  return endsAt ?? acceptedAt;
}

function startsWithin(state: AlertState, { startsAt }: AlertFacts): boolean {
  return startsAt === undefined || startsAt <= Math.max(state.opened, state.seen) + START_SLACK_MS;
}

function firingOfOpen(state: AlertState, facts: AlertFacts): Verdict {
  if (startsWithin(state, facts)) return { is: "same", reason: "this episode has been worked" };
  return { is: "opening", reason: "it fires anew; that the episode before was resolved was never sent" };
}

function resolvedOfOpen(state: AlertState, facts: AlertFacts): Verdict {
  if (endOf(facts) < state.opened) return { is: "stale", reason: "it resolves an episode before the open one" };
  if (state.reopenedAt !== undefined && facts.acceptedAt < state.reopenedAt) {
    return { is: "stale", reason: "the alert was found to fire still after this was accepted" };
  }
  if (startsWithin(state, facts)) return { is: "closing", reason: "the open episode is resolved" };
  return { is: "opening", reason: "it resolves an episode whose firing was never sent" };
}

/** Whether what is reported began before the alert was resolved, as far as is known. */
export function beganBefore(resolution: Resolution, { startsAt }: AlertFacts): boolean {
  return startsAt === undefined || startsAt < resolution.at;
}

function firingOfResolved(resolution: Resolution, facts: AlertFacts, now: number): Verdict {
  const { acceptedAt } = facts;
  if (!beganBefore(resolution, facts)) {
    return { is: "opening", reason: "it fires anew after it was resolved" };
  }
  if (acceptedAt <= resolution.acceptedAt) {
    return { is: "overtaken", reason: "the alert has been resolved since this was accepted" };
  }
  if (acceptedAt <= resolution.acceptedAt + ECHO_MS && now < acceptedAt + ECHO_MS) {
    return { is: "hold", reason: "it may be a peer's late report of the firing that was just resolved" };
  }
  return { is: "opening", reason: "it still fires: the resolution was false" };
}

function resolvedOfResolved(resolution: Resolution, facts: AlertFacts): Verdict {
  if (beganBefore(resolution, facts)) return { is: "same", reason: "this resolution has been worked" };
  return { is: "opening", reason: "it resolves a later episode whose firing was never sent" };
}
