/** The API's URLs. */
import type { Context, Hono } from "hono";
import { answerTo } from "../problem-details.ts";
import { listActions, showAction } from "./actions.ts";
import type { ApiServices } from "./api.ts";
import { invoke } from "./invoke.ts";

type Handler = (c: Context, services: ApiServices) => Promise<Response>;

export function addApi(app: Hono, services: ApiServices): void {
  const answering = (handler: Handler) => async (c: Context) => {
    try {
      return await handler(c, services);
    } catch (error) {
      return answerTo(error, c, services.log);
    }
  };
  app.get("/api/actions", answering(listActions));
  app.get("/api/actions/:name", answering(showAction));
  app.post("/api/actions/:name", answering(invoke));
}
