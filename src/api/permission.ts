/** Who may run what, and see what of it. */
import { mayRead, type Principal, requireInvoke } from "../auth/principal.ts";
import { ForbiddenError } from "../errors.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import type { RunRecord } from "../playbooks/run-record.ts";
import type { ApiServices } from "./api.ts";
import type { ReadWish } from "./wish.ts";

/** Throws a ForbiddenError where the action may not be run on its target, by the principal's rights or by `lightActions`. */
export function requireRun(
  principal: Principal,
  { name, effects }: ActionFacts,
  { wish, problems }: Pick<ReadWish, "wish" | "problems">,
  { lightActions }: Pick<ApiServices, "lightActions">,
): void {
  const { cluster, target } = wish;
  const action = { action: name, effects, cluster };
  const { namespaces: _, ...anywhere } = principal;
  // Of a target that cannot be read the caller is told so first; nothing is run on it in any case.
  if (problems.length > 0) requireInvoke(anywhere, action);
  else requireInvoke(principal, { ...action, ...(target === undefined ? {} : { target }) });
  if (lightActions.length > 0 && !lightActions.includes(name)) {
    throw new ForbiddenError(`${name} may not be run by hand here: it is not among \`lightActions\``);
  }
}

/** Whether it may see a run: its own, and with the scope those of its clusters, and on objects in its namespaces. */
export function maySee(principal: Principal, { invocation, delivery }: RunRecord): boolean {
  const { name, clusters, namespaces } = principal;
  if (invocation?.caller === name) return true;
  if (!mayRead(principal)) return false;
  if (clusters !== undefined && !clusters.includes(delivery.cluster)) return false;
  return namespaces === undefined || namespaces.includes(invocation?.target?.namespace ?? "");
}
