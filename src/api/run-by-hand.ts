/** From a wish to a run: who may have it, whether it can be run, and what came of it. */
import { ulid } from "ulid";
import type { Principal } from "../auth/principal.ts";
import type { InvocationDelivery } from "../delivery.ts";
import { describeError, InvalidRequestError } from "../errors.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import { queuedRecord, type RunRecord } from "../playbooks/run-record.ts";
import { nameOf } from "../trace.ts";
import { actionNamed } from "./actions.ts";
import type { ApiServices } from "./api.ts";
import { requireRun } from "./permission.ts";
import { refused, type Wanted } from "./refused.ts";
import { asOfNow, hasEnded, type Watch, watchRun } from "./wait.ts";
import { type ReadWish, readWish, type Wish } from "./wish.ts";

export interface ByHand {
  readonly principal: Principal;
  /** As the caller calls it. */
  readonly action: string;
  /** What the caller wishes of it: the body of a request to run it. */
  readonly wish: (action: ActionFacts) => unknown;
  /** How long its end is waited for. */
  readonly seconds: number;
  /** The run that this request stands for, where it may have been sent before; given the one that would be new. */
  readonly runOf?: (run: string) => Promise<string>;
}

export interface Ran {
  readonly ended: boolean;
  readonly record: RunRecord;
}

/**
 * Runs an action. Throws a NotFoundError, a ForbiddenError, an InvalidRequestError with every problem, or an UnavailableError; what is
 * refused is logged with its caller.
 */
export async function runByHand(request: ByHand, services: ApiServices): Promise<Ran> {
  const { principal } = request;
  let about: Wanted = { principal: principal.name, action: request.action };
  let invocation: InvocationDelivery;
  try {
    const action = actionNamed(request.action, services.actions);
    const read = readWish(request.wish(action), principal, services.clusters);
    about = { ...about, ...aboutTarget(read.wish) };
    requireRun(principal, action, read, services);
    invocation = invocationOf(action, read.wish, principal, services.now());
    await requireSound(invocation, read, services);
    const id = await request.runOf?.(invocation.id);
    if (id !== undefined) invocation = { ...invocation, ...identity(id) };
  } catch (error) {
    refused(error, about, services);
    throw error;
  }
  return await run(invocation, request.seconds, services);
}

const identity = (id: string): Pick<InvocationDelivery, "id" | "key"> => ({ id, key: `invocation#${id}` });

function invocationOf(action: ActionFacts, wish: Wish, principal: Principal, now: number): InvocationDelivery {
  const { cluster, params, target, sinks } = wish;
  const { namespaces } = principal;
  return {
    kind: "invocation",
    ...identity(ulid(now)),
    cluster,
    acceptedAt: now,
    action: action.name,
    params,
    ...(target === undefined ? {} : { target }),
    ...(sinks === undefined ? {} : { sinks }),
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(wish.dryRun ? { dryRun: true } : {}),
    caller: principal.name,
  };
}

/** Throws an InvalidRequestError with what is wrong with the request itself, and with what the action says of it. */
async function requireSound(
  invocation: InvocationDelivery,
  { problems: own }: ReadWish,
  { check }: ApiServices,
): Promise<void> {
  const said = new Set(own.map(({ path }) => topOf(path)));
  const others = (await check(invocation)).filter(({ path }) => !said.has(topOf(path)));
  const problems = [...own, ...others];
  if (problems.length > 0) throw new InvalidRequestError(problems);
}

const topOf = (path: string) => path.split(/[.[]/, 1)[0];

async function run(invocation: InvocationDelivery, seconds: number, services: ApiServices): Promise<Ran> {
  const { id } = invocation;
  const watch = watchRun(id, services);
  try {
    await services.accept([invocation]);
    return await resultOf(watch, invocation, seconds, services);
  } finally {
    watch.close();
  }
}

/** It is taken over: what fails now is no reason to tell its caller to come again. */
async function resultOf(
  watch: Watch,
  invocation: InvocationDelivery,
  seconds: number,
  services: ApiServices,
): Promise<Ran> {
  const queued = queuedRecord(invocation, services.generation);
  try {
    const [record = await recordQueued(queued, services)] = await watch.until(seconds);
    return { ended: hasEnded([record]), record };
  } catch (error) {
    services.log.warn("a run could not be read", { run: invocation.id, error: describeError(error) });
    return { ended: false, record: queued };
  }
}

/** So that whoever is sent to the run's URL finds something there. */
async function recordQueued(queued: RunRecord, { runs, ledgers }: ApiServices): Promise<RunRecord> {
  try {
    await runs.put(queued);
  } catch (error) {
    // It was begun meanwhile.
    const [begun] = await runs.get(queued.id);
    if (begun === undefined) throw error;
    return begun;
  }
  const [now = queued] = await asOfNow([queued], { ledgers });
  return now;
}

const aboutTarget = ({ cluster, target }: Wish): Pick<Wanted, "cluster" | "target"> =>
  target === undefined ? { cluster } : { cluster, target: nameOf(target) };
