/**
 * Robusta's `POST /api/trigger`, for what calls it already. The target is among the params: `name` and `namespace`, and `kind` where the
 * action takes any. What goes wrong has Robusta's code and words, and a status of its own.
 */
import type { Context } from "hono";
import * as z from "zod";
import { BadRequestError, InvalidRequestError, isCortadoError } from "../errors.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import { check, isMap } from "../playbooks/params.ts";
import { answerTo } from "../problem-details.ts";
import { parseJson } from "../tools/parse-json.ts";
import type { ApiServices } from "./api.ts";
import { longestWaitSeconds } from "./prefer.ts";
import { invokerOf } from "./refused.ts";
import { answerOf, urlOf } from "./run-answer.ts";
import { runByHand } from "./run-by-hand.ts";

/** What else there is says nothing here. */
export const triggerSchema = z.object({
  action_name: z.string().min(1).describe("The action"),
  action_params: z
    .record(z.string(), z.json())
    .nullish()
    .describe("Its params, and its target: `name`, `namespace` and, where it takes several kinds, `kind`"),
  sinks: z.array(z.string()).nullish().describe("Names of sinks; default every sink with `default: true`"),
  sync_response: z.boolean().nullish().describe("Answer with the findings"),
  no_sinks: z.boolean().nullish().describe("Tell no sink"),
});

type Trigger = z.output<typeof triggerSchema>;

export const triggerAnswer = z.object({
  success: z.boolean(),
  findings: z.array(z.unknown()).readonly().optional().describe("With `sync_response`"),
  run: z.string().optional().describe("Where it has begun: its run, whose URL is in `Location`"),
  msg: z.string().optional().describe("Why not"),
  error_code: z.int().optional().describe("As Robusta has them"),
});

type TriggerAnswer = z.output<typeof triggerAnswer>;

/** Robusta's, as far as they can happen here. */
const errorCodes = {
  notAuthorised: 4505,
  params: 4602,
  unknownAction: 4603,
  neverByHand: 4604,
  target: 4605,
  lightActions: 4607,
  action: 4700,
} as const;

export async function trigger(c: Context, services: ApiServices): Promise<Response> {
  const say = (answer: TriggerAnswer, status: 200 | 202 | 500) => c.json(answer, status);
  let action: string | undefined;
  try {
    const { principal, body } = await invokerOf(c, {}, services);
    const given = readTrigger(parseJson(await body()));
    action = given.action_name;
    const { record, ended } = await runByHand(
      { principal, action, wish: (facts) => wishOf(given, facts), seconds: longestWaitSeconds },
      services,
    );
    c.header("Location", urlOf(record.id));
    const { findings = [], steps, notes, state, run } = answerOf([record]);
    if (!ended) return say({ success: true, run }, 202);
    if (state === "done") return say({ success: true, run, ...(given.sync_response ? { findings } : {}) }, 200);
    const reasons = [...steps.flatMap(({ reason = [] }) => reason), ...notes];
    const msg = reasons.join(" ") || `the run is ${state}`;
    return say({ success: false, run, msg, error_code: errorCodes.action }, 500);
  } catch (error) {
    const refusal = answerTo(error, c, services.log);
    const { detail: msg } = z.object({ detail: z.string() }).parse(await refusal.json());
    const code = codeOf(error, action, services);
    const answer: TriggerAnswer = { success: false, msg, ...(code === undefined ? {} : { error_code: code }) };
    return c.body(JSON.stringify(answer), refusal);
  }
}

function readTrigger(body: unknown): Trigger {
  const checked = check(triggerSchema, body, "the request");
  if (checked.ok) return checked.value;
  throw new BadRequestError(checked.refusals.map(({ message }) => message).join(" "));
}

const targetKeys = ["kind", "name", "namespace"] as const;

/** What the action declares itself is its own, and may be its target too. */
function wishOf({ action_params, sinks, no_sinks }: Trigger, { target, params: schema }: ActionFacts): object {
  const { named_sinks, ...given } = action_params ?? {};
  const told = sinks?.length ? sinks : named_sinks;
  const sinksWanted = no_sinks ? { sinks: [] } : { sinks: told };
  if (!target.required || target.kinds.length === 0) return { params: given, ...sinksWanted };
  const [only] = target.kinds.length === 1 ? target.kinds : [];
  const { kind = only, name, namespace } = given;
  const own = isMap(schema.properties) ? schema.properties : {};
  const isTargets = (key: string) => targetKeys.some((one) => one === key) && !Object.hasOwn(own, key);
  const params = Object.fromEntries(Object.entries(given).filter(([key]) => !isTargets(key)));
  return { params, target: { kind, name, namespace }, ...sinksWanted };
}

function codeOf(error: unknown, action: string | undefined, { lightActions }: ApiServices): number | undefined {
  if (!isCortadoError(error)) return undefined;
  if (error.status === 404) return errorCodes.unknownAction;
  if (error.status === 401) return errorCodes.notAuthorised;
  if (error.status === 403) {
    const kept = action !== undefined && lightActions.length > 0 && !lightActions.includes(action);
    return kept ? errorCodes.lightActions : errorCodes.notAuthorised;
  }
  if (!(error instanceof InvalidRequestError)) return undefined;
  const paths = error.problems.map(({ path }) => path);
  if (paths.includes("action")) return errorCodes.neverByHand;
  return paths.some((path) => path.startsWith("target")) ? errorCodes.target : errorCodes.params;
}
