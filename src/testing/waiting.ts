/** Waiting for something, but not for ever. */

/** Throws the signal's reason once it aborts. */
export async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Throws `late` once the time is over. */
export async function withinSeconds<T>(seconds: number, work: Promise<T>, late: Error): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late), seconds * 1_000);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
