/** `POST /api/runs/{id}/cancel` */
import type { Context } from "hono";
import { type Principal, requireCluster, requireInvoke, requireScope } from "../auth/principal.ts";
import { callerOf } from "../caller.ts";
import { ConflictError } from "../errors.ts";
import type { RunRecord } from "../playbooks/run-record.ts";
import { endedInvocation, type InvocationState } from "../state/decide-invocation.ts";
import type { ApiServices } from "./api.ts";
import { answerOf } from "./run-answer.ts";
import { recordsOf } from "./runs.ts";
import { hasEnded } from "./wait.ts";

export async function cancelRun(c: Context, services: ApiServices): Promise<Response> {
  const { principal } = await callerOf(c, services);
  const records = await recordsOf(c.req.param("id") ?? "", principal, services);
  const [first] = records;
  requireCancel(principal, first, services);
  if (hasEnded(records)) throw new ConflictError(`the run has ended: ${answerOf(records).state}`);
  const { id, delivery } = first;
  services.log.info("a run is cancelled", { run: id, title: delivery.title, principal: principal.name });
  if (await services.ledgers.requestCancel(delivery)) return c.json(answerOf(records), 202);
  if (first.invocation === undefined) {
    throw new ConflictError("nobody works on it at the moment; it goes on by itself, and can be cancelled then");
  }
  const cancelled = await endBefore(first, services);
  return c.json(answerOf([cancelled ?? first]), cancelled === undefined ? 202 : 200);
}

/** Who may run an action may take it back. Throws a ForbiddenError. */
function requireCancel(principal: Principal, { invocation, delivery }: RunRecord, { actions }: ApiServices): void {
  const { cluster } = delivery;
  const action = actions.find(({ name }) => name === invocation?.action);
  if (action === undefined || invocation === undefined) {
    requireScope(principal, "admin");
    requireCluster(principal, cluster);
  } else {
    const { target } = invocation;
    const on = target === undefined ? {} : { target };
    requireInvoke(principal, { action: action.name, effects: action.effects, cluster, ...on });
  }
}

/** Ends an invocation that nobody works on; undefined where somebody has begun meanwhile, and has been asked to stop. */
async function endBefore(record: RunRecord, { ledgers, runs, now }: ApiServices): Promise<RunRecord | undefined> {
  const { id, delivery, notes = [] } = record;
  const lease = await ledgers.take<InvocationState>(delivery, { id: delivery.id, facts: {} });
  if (lease === "busy") {
    await ledgers.requestCancel(delivery);
    return undefined;
  }
  if (lease.state !== undefined) {
    await lease.release({ forget: true });
    throw new ConflictError(`the run has ended: ${lease.state.ended}`);
  }
  const why = "It was cancelled before it had begun.";
  const cancelled: RunRecord = { ...record, fence: lease.fence, state: "cancelled", notes: [...notes, why] };
  await runs.put(cancelled);
  await lease.end(endedInvocation(id, "it was cancelled", now()));
  return cancelled;
}
