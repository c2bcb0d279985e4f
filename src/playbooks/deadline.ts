/** Running something that may not keep to its time. */
import { ActionTimeoutError } from "../errors.ts";

/** How long after its deadline an action may still return by itself, having seen its signal. */
const graceMilliseconds = 5_000;

export interface Deadline {
  readonly seconds: number;
  /** Aborts earlier than the deadline: the lease was lost, the delivery's own time is over. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` with a signal that aborts at the deadline. What has not returned five seconds after an abort is abandoned: the promise
 * returned here rejects, and `abandoned` on the handle says so to whatever the work still holds on to.
 *
 * Throws ActionTimeoutError at the deadline, the signal's reason where that came first, else what `work` throws.
 */
export async function withDeadline<T>(
  { seconds, signal }: Deadline,
  work: (signal: AbortSignal, abandoned: () => boolean) => T | Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const either = AbortSignal.any([signal, timeout.signal]);
  let over = false;
  let graceTimer: NodeJS.Timeout | undefined;
  const timer = setTimeout(
    () => timeout.abort(new ActionTimeoutError(`it did not return within ${seconds} s`)),
    seconds * 1_000,
  );
  const { promise: abandon, reject } = Promise.withResolvers<never>();
  const startGrace = () => {
    graceTimer = setTimeout(() => reject(either.reason), graceMilliseconds);
  };
  if (either.aborted) startGrace();
  else either.addEventListener("abort", startGrace, { once: true });
  try {
    return await Promise.race([Promise.resolve().then(() => work(either, () => over)), abandon]);
  } catch (error) {
    // What an action throws because it was told to stop is told as the reason for that.
    throw either.aborted ? either.reason : error;
  } finally {
    over = true;
    // The signals outlive this work: what they say later must start nothing.
    either.removeEventListener("abort", startGrace);
    clearTimeout(timer);
    clearTimeout(graceTimer);
  }
}
