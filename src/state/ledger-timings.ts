/** The times of leases. */

/** Milliseconds. */
export interface LedgerTimings {
  /** How long a lease is good without a renewal. */
  readonly lease: number;
  readonly renewEvery: number;
  /** The pause after a renewal that did not come through. */
  readonly renewAgainAfter: number;
  /** How long after its end a lease may be taken over: clocks of two machines differ by less. */
  readonly takeOverAfter: number;
  /** How long before its end a lease that could not be renewed counts as lost. */
  readonly lostBefore: number;
}

export const LEDGER_TIMINGS: LedgerTimings = {
  lease: 30_000,
  renewEvery: 10_000,
  renewAgainAfter: 2000,
  takeOverAfter: 5000,
  lostBefore: 5000,
};
