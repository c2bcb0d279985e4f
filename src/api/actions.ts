/** What there is to run by hand. */
import type { Context } from "hono";
import { requireRead } from "../auth/principal.ts";
import { callerOf } from "../caller.ts";
import { NotFoundError } from "../errors.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { ApiServices } from "./api.ts";

/** Throws a NotFoundError. */
export function actionNamed(name: string, actions: readonly ActionFacts[]): ActionFacts {
  const action = actions.find((one) => one.name === name);
  if (action !== undefined) return action;
  const known = actions.map((one) => one.name);
  throw new NotFoundError(`There is no action ${quoted(name)}${didYouMean(name, known)}`);
}

export async function listActions(c: Context, services: ApiServices): Promise<Response> {
  requireRead((await callerOf(c, services)).principal);
  return c.json({ actions: services.actions.map((action) => shown(action, services)) });
}

export async function showAction(c: Context, services: ApiServices): Promise<Response> {
  requireRead((await callerOf(c, services)).principal);
  return c.json(shown(actionNamed(c.req.param("name") ?? "", services.actions), services));
}

/** An action as callers see it. */
export function shown({ neverByHand, ...action }: ActionFacts, { lightActions }: Pick<ApiServices, "lightActions">) {
  const { name } = action;
  const kept = lightActions.length > 0 && !lightActions.includes(name);
  const why = neverByHand ?? (kept ? `${name} is not among the \`lightActions\` of the configuration.` : undefined);
  return { ...action, byHand: why === undefined, ...(why === undefined ? {} : { whyNot: why }) };
}
