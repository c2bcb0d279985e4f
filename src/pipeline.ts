/**
 * One delivery from end to end. `accept` runs while the sender waits: it matches on the payload, drops what is known already, and
 * queues the rest. `work` runs on the other side of the queue. Both list their stages in the order in which they run; no stage calls
 * the next. What must be true of them is in docs/semantics.md.
 */
import type { Delivery, IncomingDelivery, NotifyDelivery } from "./delivery.ts";
import type { Finding } from "./findings/finding.ts";
import { createReport, type ReportedFinding } from "./findings/report.ts";
import { resolve } from "./kubernetes/resolve.ts";
import { baseFinding } from "./playbooks/base-finding.ts";
import { matchFully, matchPayload } from "./playbooks/match.ts";
import { type DeliveryRun, recordDeath, recordRun, runMatched } from "./playbooks/run-delivery.ts";
import { bury, comeAgain, later, maximumAttempts, waitForKey } from "./playbooks/setbacks.ts";
import type { Outcome } from "./queue/queue.ts";
import type { AcceptServices, WorkServices } from "./services.ts";
import { type NotifyReport, notify, renotify } from "./sinks/notify.ts";
import type { ConfiguredSink } from "./sinks/route.ts";
import { type Decision, decide, endLease, factsOf, isKnown, type LedgerState, resolvedAt } from "./state/decide.ts";
import type { Lease } from "./state/state.ts";
import { summarise } from "./trace.ts";

/** How many of the deliveries are new and now queued, and how many ended here. */
export interface Accepted {
  readonly queued: number;
  readonly unmatched: number;
  readonly recognised: number;
}

/**
 * Takes deliveries over from a sender. When it resolves, what matches is durable and the sender may be answered 2xx. Throws
 * UnavailableError where it is not; then none of them may be relied upon.
 */
export async function accept(deliveries: readonly IncomingDelivery[], services: AcceptServices): Promise<Accepted> {
  const matching = deliveries.filter((delivery) => concernsSomeone(delivery, services));
  const fresh = await leaveOutKnown(matching, services);
  if (fresh.length > 0) await services.queue.put(fresh);
  for (const delivery of fresh) services.tracer({ type: "queued", delivery: summarise(delivery) });
  return {
    queued: fresh.length,
    unmatched: deliveries.length - matching.length,
    recognised: matching.length - fresh.length,
  };
}

function concernsSomeone(delivery: IncomingDelivery, { playbooks, tracer }: AcceptServices): boolean {
  const match = matchPayload(delivery, playbooks);
  if (!match.concerns) tracer({ type: "unmatched", delivery: summarise(delivery), refusals: match.refusals });
  return match.concerns;
}

async function leaveOutKnown(
  deliveries: readonly IncomingDelivery[],
  { ledgers, tracer, now }: AcceptServices,
): Promise<readonly IncomingDelivery[]> {
  if (deliveries.length === 0) return deliveries;
  const views = await ledgers.read<LedgerState>(deliveries);
  return deliveries.filter((delivery, index) => {
    const view = views[index];
    const known = view === undefined ? undefined : isKnown(delivery, view, now());
    if (known !== undefined) tracer({ type: "recognised", delivery: summarise(delivery), reason: known });
    return known === undefined;
  });
}

/**
 * Works one delivery to an end, or says when to come again. Never throws: a failure of our own infrastructure is a reason to come
 * again, a failure of an action is in the record and in the finding.
 */
export async function work(delivery: Delivery, services: WorkServices): Promise<Outcome> {
  try {
    const lease = await services.ledgers.take<LedgerState>(delivery, { id: delivery.id, facts: factsOf(delivery) });
    return lease === "busy" ? await waitForKey(delivery, services) : await workUnderLease(delivery, lease, services);
  } catch (error) {
    return comeAgain(error, delivery, 1, services);
  }
}

async function workUnderLease(delivery: Delivery, lease: Lease<LedgerState>, services: WorkServices): Promise<Outcome> {
  try {
    return delivery.kind === "notify"
      ? await tellAgain(delivery, lease, services)
      : await decideAndRun(delivery, lease, services);
  } catch (error) {
    // Where this fails too the lease runs out by itself.
    await lease.release().catch(() => undefined);
    return comeAgain(error, delivery, lease.slot.attempts, services);
  }
}

async function decideAndRun(
  delivery: IncomingDelivery,
  lease: Lease<LedgerState>,
  services: WorkServices,
): Promise<Outcome> {
  const decision = decide(delivery, lease, services.now());
  const run = runOf(decision, lease);
  services.tracer({ type: "taken", delivery: summarise(delivery), ...run, reason: decision.reason });
  if (decision.do === "hold") {
    await lease.release({ forget: true });
    return later(delivery, decision.until, decision.reason, services);
  }
  if (decision.do === "run") {
    if (run.attempt > maximumAttempts) {
      const reason = `work on it was begun ${maximumAttempts} times and never came to an end`;
      await bury(delivery, [reason], services);
      const { hash: generation } = services.generation;
      await recordDeath(
        { delivery, id: run.run, fence: lease.fence, attempt: run.attempt, generation },
        reason,
        services,
      );
    } else {
      await runAndNotify(delivery, lease, { ...decision, ...run }, services);
    }
  }
  await endLease(lease, delivery, decision, { run: run.run, now: services.now() });
  return { state: "done" };
}

/** The run's id and the number of this attempt: those of an earlier attempt, a copy's included, where the decision resumes it. */
function runOf(decision: Decision, { slot, slots }: Lease<LedgerState>): { run: string; attempt: number } {
  const run = decision.do === "run" ? (decision.run ?? slot.run) : slot.run;
  const attempts = slots.filter((other) => other.run === run && other.delivery !== slot.delivery);
  return { run, attempt: attempts.reduce((sum, other) => sum + other.attempts, slot.attempts) };
}

async function runAndNotify(
  delivery: IncomingDelivery,
  lease: Lease<LedgerState>,
  decision: Decision & { do: "run"; run: string; attempt: number },
  services: WorkServices,
): Promise<void> {
  const begun = services.now();
  const { generation, tracer } = services;
  const sinks = await services.sinks();
  const summary = summarise(delivery);
  const cluster = await services.cluster(delivery.cluster);
  const asked = cluster.within({
    signal: lease.lost,
    onCall: (call) => tracer({ type: "call", delivery: summary, call }),
  });

  const { matched, others } = await matchFully(delivery, generation.playbooks, asked);
  tracer({ type: "matched", delivery: summary, playbooks: matched.map(({ playbook }) => playbook.name), others });

  const resolved = await resolve(delivery, asked);
  const base = baseFinding(delivery, resolved, generation.severities);
  const report = createReport(base);

  const run: DeliveryRun = {
    delivery,
    id: decision.run,
    fence: lease.fence,
    attempt: decision.attempt,
    generation: generation.hash,
    matched,
    others,
    resolved,
    cluster,
    report,
    defaultSinks: sinks.filter(({ params }) => params.default).map(({ sink }) => sink.name),
    late: decision.late ?? false,
    ...tooLateToChange(delivery, begun),
    signals: lease,
  };
  const records = await runMatched(run, services);

  const findings = (sink: string) => services.scrub(report.findings(sink));
  if (services.traceFindings) traceFindings(delivery, findings, base, { ...services, sinks });
  const told = await notify(
    {
      delivery,
      episode: decision.episode ?? decision.run,
      phase: base.status,
      findings,
      base: services.scrub(base),
      owner: `${decision.run}/${lease.fence}`,
      signal: lease.lost,
    },
    { ...services, sinks },
  );
  await settleMessages(delivery, told, services);

  await recordRun(run, records, told.results, services);
  tracer({ type: "ended", delivery: summary, run: decision.run, milliseconds: services.now() - begun });
}

/** Each finding once, however many sinks are told of it; of a resolution, at least what resolves the messages there are. */
function traceFindings(
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
async function settleMessages(
  delivery: Delivery,
  { results, later: postponed, dead }: NotifyReport,
  services: WorkServices,
): Promise<void> {
  for (const result of results) services.tracer({ type: "notified", delivery: summarise(delivery), result });
  for (const message of postponed) await services.queue.put([message.delivery], { notBefore: message.at });
  for (const message of dead) await bury(message.delivery, message.reasons, services);
}

async function tellAgain(
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

/** After an hour in the queue a remedy may do harm, but what is read and told still helps. */
const staleAfterMilliseconds = 60 * 60 * 1_000;

function tooLateToChange({ acceptedAt }: IncomingDelivery, now: number): Pick<DeliveryRun, "readOnlyBecause"> {
  if (now - acceptedAt <= staleAfterMilliseconds) return {};
  return { readOnlyBecause: "the delivery waited for more than an hour, which is too late to change anything" };
}
