/** The conditions in an object's status, as a table. */
import { type TableBlock, table } from "../../index.ts";

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
