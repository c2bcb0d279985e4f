/** When a message that failed is tried again. */

const backoffSeconds = [5, 15, 45, 135] as const;
const longestBackoffSeconds = 135;
const busySeconds = 5;
/** How long a finding is worth telling, in milliseconds. */
const maxAge = 24 * 3_600_000;

interface FailedAttempt {
  /** Counts from 1. */
  readonly attempt: number;
  readonly acceptedAt: number;
  readonly now: number;
  /** Another worker is at it: no attempt was made. */
  readonly busy?: boolean | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Milliseconds since the epoch; undefined once it is too old. */
export function notifyRetryAt(failed: FailedAttempt): number | undefined {
  const backoff = backoffSeconds[failed.attempt - 1] ?? longestBackoffSeconds;
  const seconds = failed.busy ? busySeconds : (failed.retryAfterSeconds ?? backoff);
  const at = failed.now + seconds * 1_000;
  return at - failed.acceptedAt > maxAge ? undefined : at;
}
