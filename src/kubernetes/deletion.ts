/** How a deletion is asked for. */
import type { DeleteOptions } from "./kubernetes.ts";

/** Background, as kubectl asks for: a deleted Job would leave its pods otherwise. */
export const deletion = ({ uid, gracePeriodSeconds }: DeleteOptions): object => ({
  apiVersion: "v1",
  kind: "DeleteOptions",
  propagationPolicy: "Background",
  ...(uid === undefined ? {} : { preconditions: { uid } }),
  ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
});
