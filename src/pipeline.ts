/**
 * One delivery from end to end. `accept` runs while the sender waits: it matches on the payload, drops what is known already, and
 * queues the rest. `work` runs on the other side of the queue. Both list their stages in the order in which they run; no stage calls
 * the next. What must be true of them is in docs/semantics.md.
 */
import { resultOf, together } from "./buttons/result.ts";
import type { Delivery, IncomingDelivery } from "./delivery.ts";
import { effectOf } from "./effects.ts";
import { createReport } from "./findings/report.ts";
import { createDryRun } from "./kubernetes/dry-run.ts";
import type { CallScope, DryRun } from "./kubernetes/kubernetes.ts";
import { resolve } from "./kubernetes/resolve.ts";
import type { AcceptServices, WorkServices } from "./pipeline-services.ts";
import { baseFinding } from "./playbooks/base-finding.ts";
import { matchFully, matchInvocation, matchPayload } from "./playbooks/match.ts";
import { answerOf, type DeliveryRun, recordDeath, recordRun, runMatched } from "./playbooks/run-delivery.ts";
import { bury, comeAgain, later, maximumAttempts, waitForKey } from "./playbooks/setbacks.ts";
import { openTurns, repeatingOf } from "./playbooks/turns.ts";
import type { Outcome } from "./queue/queue.ts";
import { notify, notifyNobody } from "./sinks/notify.ts";
import { decide, endLease, factsOf, isKnown, type LedgerState, type Worked } from "./state/decide.ts";
import { type Job, jobOf } from "./state/job.ts";
import type { Lease } from "./state/state.ts";
import { settleMessages, tellAgain, tellPressed, traceFindings } from "./telling.ts";
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
  const job = jobOf(decision, lease);
  const { run, attempt } = job;
  services.tracer({ type: "taken", delivery: summarise(delivery), run, attempt, reason: decision.reason });
  if (decision.do === "hold") {
    await lease.release({ forget: true });
    return later(delivery, decision.until, decision.reason, services);
  }
  const wanted = decision.do === "run" || job.repeat !== undefined;
  const ran = wanted ? await runOrGiveUp(delivery, lease, job, services) : {};
  await endLease(lease, delivery, decision, { run: job.run, now: services.now(), ...ran });
  return { state: "done" };
}

type Ran = Omit<Worked, "run" | "now">;

async function runOrGiveUp(
  delivery: IncomingDelivery,
  lease: Lease<LedgerState>,
  job: Job,
  services: WorkServices,
): Promise<Ran> {
  const { run: id, attempt } = job;
  if (attempt <= maximumAttempts) return await runAndNotify(delivery, lease, job, services);
  const reason = `work on it was begun ${maximumAttempts} times and never came to an end`;
  await bury(delivery, [reason], services);
  const { hash: generation } = services.generation;
  await recordDeath({ delivery, id, fence: lease.fence, attempt, generation }, reason, services);
  await tellPressed(delivery, { outcome: "failed", reason }, baseFinding(delivery, unresolved), services);
  // It may have told something, so the next repeat has another number.
  return { repeated: job.repeat !== undefined };
}

/** Of a delivery that nothing is asked about any more. */
const unresolved = {
  objects: {},
  subject: { name: "", kind: "none", labels: {}, annotations: {} },
  notes: [],
  errors: {},
};

async function runAndNotify(
  delivery: IncomingDelivery,
  lease: Lease<LedgerState>,
  job: Job,
  services: WorkServices,
): Promise<Ran> {
  const begun = services.now();
  const { generation, tracer } = services;
  const summary = summarise(delivery);
  const dryRun = wantsDryRun(delivery)
    ? createDryRun((effect) => tracer({ type: "effect", delivery: summary, effect: effectOf(effect) }))
    : undefined;
  const cluster = (await services.cluster(delivery.cluster)).within(limitsOf(delivery, dryRun));
  const asked = cluster.within({
    signal: lease.lost,
    onCall: (call) => tracer({ type: "call", delivery: summary, call }),
  });

  const turns = openTurns({ ...job, delivery, again: job.repeat?.playbooks }, services.rateLimiters);
  const { matched, others } =
    delivery.kind === "invocation"
      ? matchInvocation(delivery, generation)
      : await matchFully(delivery, generation.playbooks, { cluster: asked, mayBegin: turns.mayBegin });
  tracer({ type: "matched", delivery: summary, playbooks: matched.map(({ playbook }) => playbook.name), others });
  if (job.repeat !== undefined && matched.length === 0) return {};

  const sinks = await services.sinks();
  const resolved = await resolve(delivery, asked);
  const base = baseFinding(delivery, resolved, generation.severities);
  const report = createReport(base);

  const repeat = job.repeat?.number ?? 0;
  const run: DeliveryRun = {
    delivery,
    id: job.run,
    fence: lease.fence,
    attempt: job.attempt,
    generation: generation.hash,
    matched,
    others,
    resolved,
    cluster,
    report,
    defaultSinks: sinks.filter(({ params }) => params.default).map(({ sink }) => sink.name),
    late: job.late,
    repeat,
    ...tooLateToChange(delivery, begun),
    ...(dryRun === undefined ? {} : { dryRun }),
    signals: lease,
  };
  if (matched.length > 0) await tellPressed(delivery, { outcome: "running" }, base, services);
  const records = await runMatched(run, services);
  await turns.giveBack(records);

  const findings = (sink: string) => services.scrub(report.findings(sink));
  if (services.traceFindings) traceFindings(delivery, findings, base, { ...services, sinks });
  const tell = dryRun === undefined ? notify : notifyNobody;
  const told = await tell(
    {
      delivery,
      episode: job.episode,
      phase: base.status,
      repeat,
      findings,
      base: services.scrub(base),
      owner: `${job.run}/${lease.fence}`,
      signal: lease.lost,
    },
    { ...services, sinks },
  );
  await settleMessages(delivery, told, services);
  const answer = together(services.scrub(base), services.scrub(answerOf(run).findings ?? []));
  await tellPressed(delivery, resultOf(records, others), answer, services);

  await recordRun(run, records, told.results, services);
  tracer({ type: "ended", delivery: summary, run: job.run, milliseconds: services.now() - begun });
  return job.repeat === undefined ? { repeating: repeatingOf(matched, records) } : { repeated: true };
}

const wantsDryRun = (delivery: IncomingDelivery) => delivery.kind === "invocation" && delivery.dryRun === true;

/** What goes for every call of a delivery. */
function limitsOf(delivery: IncomingDelivery, dryRun: DryRun | undefined): CallScope {
  const { namespaces } = delivery.kind === "invocation" ? delivery : {};
  return { ...(namespaces === undefined ? {} : { namespaces }), ...(dryRun === undefined ? {} : { dryRun }) };
}

/** After an hour in the queue a remedy may do harm, but what is read and told still helps. */
const staleAfterMilliseconds = 60 * 60 * 1_000;

function tooLateToChange({ acceptedAt }: IncomingDelivery, now: number): Pick<DeliveryRun, "readOnlyBecause"> {
  if (now - acceptedAt <= staleAfterMilliseconds) return {};
  return { readOnlyBecause: "the delivery waited for more than an hour, which is too late to change anything" };
}
