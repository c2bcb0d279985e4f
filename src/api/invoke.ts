/** `POST /api/actions/{name}`: an action that somebody wishes to have run, now. */
import type { Context } from "hono";
import { parseJson } from "../tools/parse-json.ts";
import type { ApiServices } from "./api.ts";
import { idempotencyKey, runOf } from "./idempotency.ts";
import { preferred } from "./prefer.ts";
import { invokerOf } from "./refused.ts";
import { answerOf, urlOf } from "./run-answer.ts";
import { runByHand } from "./run-by-hand.ts";

export async function invoke(c: Context, services: ApiServices): Promise<Response> {
  const action = c.req.param("name") ?? "";
  const { principal, body } = await invokerOf(c, { action }, services);
  const key = idempotencyKey(c.req.header("idempotency-key"));
  const { seconds, applied } = preferred(c.req.header("prefer"));
  const text = await body();
  const content = [c.req.path, text];
  const { record, ended } = await runByHand(
    {
      principal,
      action,
      wish: () => (text === "" ? {} : parseJson(text)),
      seconds,
      ...(key === undefined
        ? {}
        : { runOf: (run) => runOf({ principal: principal.name, key, content }, run, services.claims) }),
    },
    services,
  );
  if (applied !== undefined && !(ended && applied === "respond-async")) c.header("Preference-Applied", applied);
  c.header("Location", urlOf(record.id));
  return c.json(answerOf([record]), ended ? 200 : 202);
}
