/** Which playbooks a delivery concerns, and why the others do not run. */
import type { IncomingDelivery } from "../delivery.ts";
import type { FieldChange } from "../findings/blocks.ts";
import type { Cluster } from "../kubernetes/kubernetes.ts";
import type { NoMatch } from "../trace.ts";
import type { Match } from "../triggers/trigger.ts";
import type { Watch } from "./manifest.ts";
import type { Playbook, TriggerUse } from "./playbook.ts";

export interface Matched {
  readonly playbook: Playbook;
  /** The trigger that fired. */
  readonly trigger: TriggerUse;
  /** On an update, after the trigger's filters. */
  readonly changes: readonly FieldChange[];
}

export interface PayloadMatch {
  /** The playbooks that may run, as far as the payload tells, or would in the alert's other phase. */
  readonly candidates: readonly string[];
  readonly others: readonly NoMatch[];
}

/** The first look, without I/O: most deliveries end here. */
export function matchPayload(delivery: IncomingDelivery, playbooks: readonly Watch[]): PayloadMatch {
  const candidates: string[] = [];
  const others: NoMatch[] = [];
  for (const playbook of playbooks) {
    const matches = playbook.triggers.map((use) => matchOne(delivery, use));
    const maybe = matches.some((match) => match.fires !== false || match.phase === true);
    if (maybe) candidates.push(playbook.name);
    else others.push({ playbook: playbook.name, reason: reasonOf(matches) });
  }
  return { candidates, others };
}

/** The second look, at work: certain, with the cluster asked where the payload could not tell. */
export async function matchFully(
  delivery: IncomingDelivery,
  playbooks: readonly Playbook[],
  cluster: Cluster,
): Promise<{ readonly matched: readonly Matched[]; readonly others: readonly NoMatch[] }> {
  const matched: Matched[] = [];
  const others: NoMatch[] = [];
  for (const playbook of playbooks) {
    const found = await firstFiring(delivery, playbook, cluster);
    if ("trigger" in found) matched.push(found);
    else others.push(found);
  }
  return { matched, others };
}

async function firstFiring(
  delivery: IncomingDelivery,
  playbook: Playbook,
  cluster: Cluster,
): Promise<Matched | NoMatch> {
  const matches: Match[] = [];
  for (const trigger of playbook.triggers) {
    const match = await confirmed(delivery, trigger, cluster);
    if (match.fires === true) return { playbook, trigger, changes: match.changes ?? [] };
    matches.push(match);
  }
  return { playbook: playbook.name, reason: reasonOf(matches) };
}

async function confirmed(delivery: IncomingDelivery, use: TriggerUse, cluster: Cluster): Promise<Match> {
  const match = matchOne(delivery, use);
  if (match.fires !== "maybe" || use.trigger.confirm === undefined) return match;
  return await use.trigger.confirm(delivery as never, use.params as never, cluster);
}

function matchOne(delivery: IncomingDelivery, { trigger, params }: TriggerUse): Match {
  if (trigger.delivery !== delivery.kind) {
    return { fires: false, reason: `${trigger.name} is not about ${delivery.kind === "alert" ? "alerts" : "changes"}` };
  }
  // A trigger is given only deliveries of the kind that it names, and the params that its own schema made.
  return trigger.match(delivery as never, params as never);
}

function reasonOf(matches: readonly Match[]): string {
  return matches.flatMap((match) => (match.fires === false ? [match.reason] : [])).join("; ");
}
