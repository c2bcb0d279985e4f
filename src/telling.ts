/** What becomes of messages: those that a sink did not take are deliveries of their own, and are told again. */
import { resultDelivery } from "./buttons/result.ts";
import type { Delivery, IncomingDelivery, NotifyDelivery, PressResult } from "./delivery.ts";
import type { Finding } from "./findings/finding.ts";
import type { ReportedFinding } from "./findings/report.ts";
import type { WorkServices } from "./pipeline-services.ts";
import { bury, later } from "./playbooks/setbacks.ts";
import type { Outcome } from "./queue/queue.ts";
import { type NotifyReport, renotify } from "./sinks/notify.ts";
import type { ConfiguredSink } from "./sinks/route.ts";
import { type LedgerState, resolvedAt } from "./state/decide.ts";
import type { Lease } from "./state/state.ts";
import { summarise } from "./trace.ts";

/** Each finding once, however many sinks are told of it; of a resolution, at least what resolves the messages there are. */
export function traceFindings(
  delivery: Delivery,
  findings: (sink: string) => readonly ReportedFinding[],
  base: Finding,
  { sinks, tracer, scrub }: Pick<WorkServices, "tracer" | "scrub"> & { sinks: readonly ConfiguredSink[] },
): void {
  const parts = new Map(sinks.flatMap(({ sink }) => findings(sink.name)).map((found) => [found.part, found]));
  if (parts.size === 0 && base.status === "resolved") parts.set("default", { part: "default", finding: scrub(base) });
  for (const found of parts.values()) tracer({ type: "finding", delivery: summarise(delivery), ...found });
}

/** What sinks did not take is tried again by itself, so that no action runs twice for a message's sake. */
export async function settleMessages(
  delivery: Delivery,
  { results, later: postponed, dead }: NotifyReport,
  services: WorkServices,
): Promise<void> {
  for (const result of results) services.tracer({ type: "notified", delivery: summarise(delivery), result });
  for (const message of postponed) await services.queue.put([message.delivery], { notBefore: message.at });
  for (const message of dead) await bury(message.delivery, message.reasons, services);
}

/** What has ended by then is not worth an edit that says it runs. */
const soonMilliseconds = 1_000;

/** The message of a button that was pressed is told by itself, when nobody else works on what it is about. */
export async function tellPressed(
  delivery: IncomingDelivery,
  result: Pick<PressResult, "outcome" | "reason">,
  found: Finding,
  { queue, scrub, now }: Pick<WorkServices, "queue" | "scrub" | "now">,
): Promise<void> {
  if (delivery.kind !== "invocation") return;
  const told = resultDelivery(delivery, scrub(result), found, now());
  if (told === undefined) return;
  await queue.put([told], result.outcome === "running" ? { notBefore: now() + soonMilliseconds } : undefined);
}

export async function tellAgain(
  delivery: NotifyDelivery,
  lease: Lease<LedgerState>,
  services: WorkServices,
): Promise<Outcome> {
  const { run, attempts } = lease.slot;
  const { message } = delivery;
  const [alert] = await services.ledgers.read<LedgerState>([message]);
  const told = await renotify(
    delivery,
    {
      owner: `${run}/${lease.fence}`,
      signal: lease.lost,
      attempt: attempts,
      resolvedAt: alert && resolvedAt(alert, message.episode),
    },
    { ...services, sinks: await services.sinks() },
  );
  const [again] = told.later;
  await settleMessages(delivery, { ...told, later: [] }, services);
  if (again !== undefined) {
    await lease.release();
    return later(delivery, again.at, `the sink ${delivery.sink} did not take it`, services);
  }
  await lease.release({ forget: true });
  return { state: "done" };
}
