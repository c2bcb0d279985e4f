/** `Prefer: respond-async` and `Prefer: wait=10`. https://www.rfc-editor.org/rfc/rfc7240#section-4 */

/** How long a caller is let wait for the end of a run. Proxies give up after 30 s. */
export const longestWaitSeconds = 20;

export interface Preferred {
  readonly seconds: number;
  /** What was taken notice of, for `Preference-Applied`. */
  readonly applied?: string;
}

/** Seconds to wait before the caller is sent to the run's URL. What is not understood is ignored, as the RFC wants it. */
export function preferred(header: string | undefined): Preferred {
  const preferences = (header ?? "").split(",").map((one) => one.trim().toLowerCase());
  const [wait] = preferences.flatMap((one) => /^wait *= *"?(\d{1,9})"?$/.exec(one)?.[1] ?? []);
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), longestWaitSeconds);
    return { seconds, applied: `wait=${seconds}` };
  }
  if (preferences.includes("respond-async")) return { seconds: 0, applied: "respond-async" };
  return { seconds: longestWaitSeconds };
}
