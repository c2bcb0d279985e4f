/** Params of the model that need what Cortado does not have yet. A configuration with them is refused in words, not half obeyed. */
import * as z from "zod";

/** A switch that can only be off. */
export const notYet = (what: string) =>
  z
    .boolean()
    .refine((on) => !on, { error: `Cortado has no ${what} yet; leave this out` })
    .default(false)
    .describe(`Only false: Cortado has no ${what} yet`);

export const memoryGraph = notYet("memory graphs, which need Prometheus,");
