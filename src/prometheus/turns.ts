/** Who may ask one server, and when: a few at one time, and nobody for a while once it has stopped answering. */
import pLimit, { type LimitFunction } from "p-limit";

export interface Turns {
  /** Runs the work when it is its turn. */
  readonly take: LimitFunction;
  /** Whether it is not to be asked now. */
  givenUp(): boolean;
  /** It answered, whatever it was. */
  heard(): void;
  /** A query that had its turn got no answer in its time. */
  silent(): void;
}

/** Queries at one time to one server. A Prometheus works on 20 at one time, and people's dashboards want some of them. */
export const concurrency = 4;
/** So many in a row are no longer the fault of one heavy query. */
export const patience = concurrency;
/** Alerts that wait for nothing are told at once meanwhile. */
export const pauseSeconds = 30;

export function createTurns(now: () => number): Turns {
  let silences = 0;
  let askedAgainAt = 0;
  return {
    take: pLimit(concurrency),
    givenUp: () => now() < askedAgainAt,
    heard: () => {
      silences = 0;
    },
    silent: () => {
      silences += 1;
      if (silences >= patience) askedAgainAt = now() + pauseSeconds * 1_000;
    },
  };
}
