/** What the message of a button that was pressed is told: that its action runs, and what came of it. */
import type { InvocationDelivery, NotifyDelivery, PressResult } from "../delivery.ts";
import type { Enrichment, Finding } from "../findings/finding.ts";
import type { RunRecord } from "../playbooks/run-record.ts";
import type { NoMatch } from "../trace.ts";

type Result = Pick<PressResult, "outcome" | "reason">;

/**
 * For the queue; undefined where nobody pressed a button. It has the key of what the message is about, so that no two workers edit the
 * message at once.
 */
export function resultDelivery(
  { id, pressed }: InvocationDelivery,
  result: Result,
  found: Finding,
  now: number,
): NotifyDelivery | undefined {
  if (pressed === undefined) return undefined;
  const { message, ...press } = pressed;
  return {
    kind: "notify",
    id: `notify#pressed#${id}#${result.outcome}`,
    key: message.key,
    cluster: message.cluster,
    acceptedAt: now,
    sink: message.sink,
    message,
    finding: found,
    pressed: { ...press, run: id, ...result },
  };
}

/** Of the records of a run, and of the playbooks that did not run. */
export function resultOf(records: readonly RunRecord[], others: readonly NoMatch[]): Result {
  if (records.length === 0) return failed(others[0]?.reason);
  const steps = records.flatMap((record) => record.steps);
  const bad = steps.find(({ state }) => state !== "done");
  if (bad !== undefined) return failed(bad.reason ?? bad.state);
  const state = records.find((record) => record.state !== "done")?.state;
  return state === undefined ? { outcome: "done" } : failed(state);
}

const failed = (reason: string | undefined): Result => ({
  outcome: "failed",
  ...(reason === undefined ? {} : { reason }),
});

/** All that was found, as one: with what the reader must know, as its message is another's. */
export function together(base: Finding, findings: readonly Finding[]): Finding {
  const [first = base, ...rest] = findings;
  const notes: Enrichment[] = first.notes.length === 0 ? [] : [{ blocks: [{ type: "list", items: first.notes }] }];
  const more = rest.flatMap(({ title, enrichments }): Enrichment[] => [{ title, blocks: [] }, ...enrichments]);
  return { ...first, enrichments: [...notes, ...first.enrichments, ...more] };
}
