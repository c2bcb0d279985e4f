/** How a deletion is asked for. */
import type { CallScope, DeleteOptions } from "./kubernetes.ts";

/** Background, as kubectl asks for: a deleted Job would leave its pods otherwise. */
export const deletion = ({ uid, gracePeriodSeconds }: DeleteOptions, { dryRun }: CallScope): object => ({
  apiVersion: "v1",
  kind: "DeleteOptions",
  propagationPolicy: "Background",
  // Where there is a body, API servers do not look at the query for it.
  ...(dryRun === undefined ? {} : { dryRun: ["All"] }),
  ...(uid === undefined ? {} : { preconditions: { uid } }),
  ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
});
