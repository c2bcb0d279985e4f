/** What is to become of a delivery, decided from its ledger alone. */

export type Decision =
  /** Work it. */
  | {
      readonly do: "run";
      /** The run to go on with, where an unfinished one of a copy was found; else the delivery's own slot names the run. */
      readonly run?: string;
      /** The episode that the run belongs to; else it begins one, which is named as its run. */
      readonly episode?: string;
      /** Something newer has been worked already: what concerns only the present need not be told. */
      readonly late?: boolean;
      readonly reason: string;
    }
  /**
   * Nothing is run, but for playbooks whose `repeat` is due: it has been worked. With `refresh` the ledger should hear of it all the
   * same: take it and end it.
   */
  | { readonly do: "same"; readonly refresh: boolean; readonly repeat?: Repeat; readonly reason: string }
  /** Nothing is run: it speaks of an earlier episode. */
  | { readonly do: "stale"; readonly reason: string }
  /** Nothing is run: what it says has been revoked since. */
  | { readonly do: "overtaken"; readonly reason: string }
  /** It cannot be told yet: release the key, forget the slot, and come again then (milliseconds since the epoch). */
  | { readonly do: "hold"; readonly until: number; readonly reason: string };

/** An episode that fires on, some of whose playbooks may run again. */
export interface Repeat {
  readonly episode: string;
  /** The ids of those playbooks. */
  readonly playbooks: readonly string[];
  /** Which repeat of the episode this would be, from 1. */
  readonly number: number;
}

/** What was run of a delivery that was decided upon. */
export interface Worked {
  readonly run: string;
  readonly now: number;
  /** Of a first run: the ids of the playbooks that began, and may run again while the alert fires on. */
  readonly repeating?: readonly string[];
  /** Whether anything was run again. */
  readonly repeated?: boolean;
}

/** What `end` of the lease is given when the delivery has been worked as decided. */
export interface Outcome<State> {
  readonly state: State;
  readonly expiresAt: number;
  /** The deliveries that are finished by this: this one, and the copies whose run it went on with. */
  readonly slots: readonly string[];
}
