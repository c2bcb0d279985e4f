/** Waiting for something in the cluster to come about. There are no watches here: what is waited for is looked at again and again. */
import { ClusterError } from "../errors.ts";
import { requireHope, requirePatience } from "./dry-run.ts";

/** How long, how often, and until when at the latest. */
export interface Waiting {
  /** The action's. Once it aborts, its reason is thrown. */
  readonly signal: AbortSignal;
  /** Default 60. */
  readonly timeoutSeconds?: number;
  /** Between two looks at most; the first ones come sooner. Default 5. */
  readonly everySeconds?: number;
}

const firstMilliseconds = 250;

/** What a look saw where it did not see what is waited for. */
export class NotYet {
  readonly seen: string;

  constructor(seen: string) {
    this.seen = seen;
  }
}

/** For `waitFor`: this is not it, and what there is instead, in words. */
export const notYet = (seen: string): NotYet => new NotYet(seen);

type Missing = NotYet | undefined | false;

/**
 * Looks until there is something to see, and returns that: whatever is not undefined, false or `notYet(…)`. `what` names it in errors.
 * Throws a ClusterError with the reason `Timeout` that says what was seen last, the signal's reason, whatever `look` throws, and in a dry
 * run a DryRunError where the first look sees nothing.
 *
 * @example
 * const ip = await waitFor("the address of the service", async () => {
 *   const service = await event.cluster.get("Service", "web", "shop");
 *   return service?.spec?.clusterIP ?? notYet("it has none");
 * }, { signal });
 */
export async function waitFor<T>(what: string, look: () => Promise<T>, waiting: Waiting): Promise<Exclude<T, Missing>> {
  const { signal, timeoutSeconds = 60, everySeconds = 5 } = waiting;
  const until = Date.now() + timeoutSeconds * 1000;
  for (let milliseconds = firstMilliseconds; ; milliseconds = Math.min(milliseconds * 2, everySeconds * 1000)) {
    signal.throwIfAborted();
    const seen = await look();
    if (isThere(seen)) return seen;
    requireHope(signal, what);
    const left = until - Date.now();
    if (left <= 0) throw tooLate(what, timeoutSeconds, seen);
    // The last look is at the very end.
    await pause(Math.min(milliseconds, left), signal);
  }
}

/** Lets the time pass. Throws the signal's reason where that comes first, and in a dry run a DryRunError after two seconds in all. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  requirePatience(signal, milliseconds);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

const isThere = <T>(seen: T): seen is Exclude<T, Missing> =>
  seen !== undefined && seen !== false && !(seen instanceof NotYet);

function tooLate(what: string, seconds: number, seen: unknown): ClusterError {
  const last = seen instanceof NotYet ? `; the last that was seen: ${seen.seen}` : "";
  return new ClusterError(0, "Timeout", `Waited ${seconds} s in vain for ${what}${last}.`);
}
