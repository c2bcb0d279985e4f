/** `rate_limit` of triggers. */
import * as z from "zod";
import type { Firing, Match } from "./trigger.ts";

/** In seconds; 0 for no limit. */
export const rateLimit = (seconds: number): z.ZodDefault<z.ZodInt> =>
  z
    .int()
    .nonnegative()
    .default(seconds)
    .describe("Once in how many seconds for each workload; 0: every time. It counts from when it fired last");

/** What fires, with more; what does not, as it is. */
export const withMore = (match: Match, more: () => Pick<Firing, "limit" | "aboutNow">): Match =>
  match.fires === true ? { ...match, ...more() } : match;
