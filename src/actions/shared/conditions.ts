/** The conditions in an object's status, as a table. */
import * as z from "zod";
import { type KubernetesObject, type TableBlock, table } from "../../index.ts";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export const conditionsTable = (conditions: readonly Condition[]): TableBlock =>
  table(
    ["condition", "status", "reason", "message", "since"],
    conditions.map(({ type, status, reason = "", message = "", lastTransitionTime = "" }) => [
      type,
      status,
      reason,
      message,
      lastTransitionTime,
    ]),
  );

const Conditions = z.array(
  z.object({ type: z.string(), status: z.string(), reason: z.string().nullish(), message: z.string().nullish() }),
);
const WithConditions = z.object({ status: z.object({ conditions: Conditions.nullish() }).nullish() });

/** Those of an object of any kind; empty where it has none. */
export function conditionsOf(object: KubernetesObject): z.output<typeof Conditions> {
  return WithConditions.safeParse(object).data?.status?.conditions ?? [];
}
