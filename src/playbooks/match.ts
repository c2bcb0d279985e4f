/** Which playbooks a delivery concerns, and why the others do not run. */
import type { IncomingDelivery, InvocationDelivery } from "../delivery.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { NoMatch, PlaybookRefusal } from "../trace.ts";
import type { Firing, Match } from "../triggers/trigger.ts";
import { type Invocable, makeInvocation } from "./invocation.ts";
import type { Watch } from "./manifest.ts";
import type { Playbook, TriggerUse } from "./playbook.ts";
import type { MayBegin } from "./turns.ts";

export interface Matched {
  readonly playbook: Playbook;
  /** On an update, after the trigger's filters. */
  readonly changes: readonly FieldChange[];
  /** After how long it runs again while the alert fires on; absent for never. */
  readonly repeatSeconds?: number;
}

/** What triggers look at. */
export type Triggering = Exclude<IncomingDelivery, InvocationDelivery>;

/** The playbooks that run, in order, and why the others do not. */
export interface FullMatch {
  readonly matched: readonly Matched[];
  readonly others: readonly NoMatch[];
}

/** Whether any playbook may run, as far as the payload tells, or would in the alert's other phase; else what kept each from it. */
export type PayloadMatch =
  | { readonly concerns: true }
  | { readonly concerns: false; readonly refusals: readonly PlaybookRefusal[] };

/** The first look, without I/O: most deliveries end here. What somebody has asked for by name concerns an action in any case. */
export function matchPayload(delivery: IncomingDelivery, playbooks: readonly Watch[]): PayloadMatch {
  if (delivery.kind === "invocation") return { concerns: true };
  const refusals: PlaybookRefusal[] = [];
  for (const { name, triggers, builtin } of playbooks) {
    for (const use of triggers) {
      const match = matchOne(delivery, use);
      if (match.fires !== false || match.phase === true) return { concerns: true };
      if (!builtin) refusals.push({ playbook: name, condition: match.condition, reason: match.reason });
    }
  }
  return { concerns: false, refusals };
}

export interface SecondLook {
  readonly cluster: Cluster;
  /** Asked last of each trigger that fires. */
  readonly mayBegin: MayBegin;
}

/** The second look, at work: certain, with the cluster asked where the payload could not tell. */
export async function matchFully(
  delivery: Triggering,
  playbooks: readonly Playbook[],
  look: SecondLook,
): Promise<FullMatch> {
  const matched: Matched[] = [];
  const others: NoMatch[] = [];
  for (const playbook of playbooks) {
    const found = await firstFiring(delivery, playbook, look);
    if ("changes" in found) matched.push(found);
    else others.push(found);
  }
  return { matched, others };
}

/** What is asked for by name needs no trigger. */
export function matchInvocation(delivery: InvocationDelivery, generation: Invocable): FullMatch {
  const made = makeInvocation(delivery, generation);
  if ("playbook" in made) return { matched: [{ playbook: made.playbook, changes: [] }], others: [] };
  return {
    matched: [],
    others: [{ playbook: delivery.action, reason: made.problems.map(({ message }) => message).join(" ") }],
  };
}

async function firstFiring(delivery: Triggering, playbook: Playbook, look: SecondLook): Promise<Matched | NoMatch> {
  const reasons: string[] = [];
  for (const use of playbook.triggers) {
    const match = await confirmed(delivery, use, look.cluster);
    if (match.fires === "maybe") continue;
    const reason = match.fires ? await look.mayBegin(playbook, use.trigger.name, match) : match.reason();
    if (match.fires && reason === undefined) return matchedBy(playbook, match);
    if (reason !== undefined) reasons.push(reason);
  }
  const { name, builtin } = playbook;
  return { playbook: name, reason: reasons.join("; "), ...(builtin ? { builtin } : {}) };
}

const matchedBy = (playbook: Playbook, { changes = [], repeatSeconds }: Firing): Matched => ({
  playbook,
  changes,
  ...(repeatSeconds === undefined ? {} : { repeatSeconds }),
});

async function confirmed(delivery: Triggering, use: TriggerUse, cluster: Cluster): Promise<Match> {
  const match = matchOne(delivery, use);
  if (match.fires !== "maybe" || use.trigger.confirm === undefined) return match;
  return await use.trigger.confirm(delivery as never, use.params as never, cluster);
}

function matchOne(delivery: Triggering, { trigger, params }: TriggerUse): Match {
  if (trigger.delivery !== delivery.kind) {
    const reason = () => `${trigger.name} is not about ${delivery.kind === "alert" ? "alerts" : "changes"}`;
    return { fires: false, condition: "delivery", reason };
  }
  // A trigger is given only deliveries of the kind that it names, and the params that its own schema made.
  return trigger.match(delivery as never, params as never);
}
