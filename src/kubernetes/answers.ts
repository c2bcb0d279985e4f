/** Reading what an API server answers: objects, and its refusals (`Status`). */
import * as z from "zod";
import { ClusterError } from "../errors.ts";
import { type Api, type CallFacts, describeCall, retryAfterSeconds } from "./api.ts";
import type { HttpAnswer } from "./connection.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
const EndStatus = z.object({
  status: z.string().optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  details: z
    .object({
      name: z.string().optional(),
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).optional(),
    })
    .optional(),
});
const Status = EndStatus.extend({ kind: z.literal("Status") });

export const readStatus = (body: Buffer): z.infer<typeof Status> | undefined => Status.safeParse(tryJson(body)).data;

/** How a command ended: a Status without its kind. */
export const readEndStatus = (data: Buffer): z.infer<typeof EndStatus> | undefined =>
  EndStatus.safeParse(tryJson(data)).data;

function tryJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

const isGood = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300;

/** A 404 about this very object, not about a path that the server does not have. */
export const isAboutAnObject = (answer: HttpAnswer): boolean => Boolean(readStatus(answer.body)?.details?.name);

/** The JSON object in a good answer. Throws a ClusterError for a refusal, and for anything that is no JSON object. */
export function readObject(api: Api, facts: CallFacts, answer: HttpAnswer): object {
  if (!isGood(answer)) throw refusal(api, facts, answer);
  const json = tryJson(answer.body);
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  const what = `${describeCall(facts)} was answered ${answer.status} with something that is no JSON object`;
  throw new ClusterError(answer.status, "NotJson", `The cluster ${api.name}: ${what}: ${excerpt(api, answer)}`);
}

/** The text in a good answer. Throws a ClusterError for a refusal. */
export function readText(api: Api, facts: CallFacts, answer: HttpAnswer): string {
  if (!isGood(answer)) throw refusal(api, facts, answer);
  return answer.body.toString("utf8");
}

const advice: Readonly<Record<number, string>> = {
  401: "Check the credentials in its kubeconfig.",
  403: "Give Cortado's role that permission, or leave out what needs it.",
};

export function refusal(api: Api, facts: CallFacts, answer: HttpAnswer): ClusterError {
  const { status: code } = answer;
  const status = readStatus(answer.body);
  const reason = status?.reason || fallbackReason(code);
  const why = status?.message ? api.connection.scrub(status.message).slice(0, 2000) : excerpt(api, answer);
  const message = `The cluster ${api.name} refused ${describeCall(facts)} (${code} ${reason}): ${sentence(why)}${advice[code] ? ` ${advice[code]}` : ""}`;
  return new ClusterError(code, reason, message, { retryAfterSeconds: retryAfterSeconds(answer) });
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  429: "TooManyRequests",
  503: "ServiceUnavailable",
  504: "Timeout",
};
const fallbackReason = (code: number): string => reasons[code] ?? (code >= 500 ? "InternalError" : "Unknown");

/** The beginning of an answer that is not Kubernetes' own: a proxy's or a load balancer's. */
function excerpt(api: Api, { body }: HttpAnswer): string {
  const text = api.connection.scrub(body.toString("utf8")).replace(/\s+/g, " ").trim();
  return text === "" ? "no reason was given." : text.slice(0, 200);
}
