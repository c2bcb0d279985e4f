/** `POST /api/actions/{name}`: an action that somebody wishes to have run, now. */
import type { Context } from "hono";
import { callerOf } from "../caller.ts";
import { parseJson } from "../parse-json.ts";
import { actionNamed } from "./actions.ts";
import type { ApiServices } from "./api.ts";
import { idempotencyKey, runOf } from "./idempotency.ts";
import { preferred } from "./prefer.ts";
import { answerOf, urlOf } from "./run-answer.ts";
import { runByHand } from "./run-by-hand.ts";
import { readWish } from "./wish.ts";

export async function invoke(c: Context, services: ApiServices): Promise<Response> {
  const { principal, body } = await callerOf(c, services);
  const action = actionNamed(c.req.param("name") ?? "", services.actions);
  const key = idempotencyKey(c.req.header("idempotency-key"));
  const { seconds, applied } = preferred(c.req.header("prefer"));
  const text = await body();
  const { record, ended } = await runByHand(
    {
      ...readWish(text === "" ? {} : parseJson(text), principal, services.clusters),
      principal,
      action,
      seconds,
      ...(key === undefined
        ? {}
        : {
            runOf: (run) =>
              runOf({ principal: principal.name, key, content: [c.req.path, text] }, run, services.claims),
          }),
    },
    services,
  );
  if (applied !== undefined && !(ended && applied === "respond-async")) c.header("Preference-Applied", applied);
  c.header("Location", urlOf(record.id));
  return c.json(answerOf([record]), ended ? 200 : 202);
}
