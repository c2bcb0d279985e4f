/** The API's URLs. */
import type { Context, Hono } from "hono";
import { answerTo } from "../problem-details.ts";
import { listActions, showAction } from "./actions.ts";
import type { ApiServices } from "./api.ts";
import { cancelRun } from "./cancel.ts";
import { describeApi } from "./describe.ts";
import { invoke } from "./invoke.ts";
import { listRuns, showRun } from "./runs.ts";
import { trigger } from "./trigger.ts";

type Handler = (c: Context, services: ApiServices) => Promise<Response>;

export function addApi(app: Hono, services: ApiServices): void {
  const answering = (handler: Handler) => async (c: Context) => {
    const answer = await handler(c, services).catch((error: unknown) => answerTo(error, c, services.log));
    if (answer.status === 503 && !answer.headers.has("Retry-After")) answer.headers.set("Retry-After", "5");
    return answer;
  };
  app.get("/api/actions", answering(listActions));
  app.get("/api/actions/:name", answering(showAction));
  app.post("/api/actions/:name", answering(invoke));
  app.get(
    "/docs",
    answering(async (c) => (await import("./docs-page.ts")).showDocs(c)),
  );
  app.get("/openapi.json", answering(describeApi));
  app.post("/api/trigger", answering(trigger));
  app.get("/api/runs", answering(listRuns));
  app.get("/api/runs/:id", answering(showRun));
  app.post("/api/runs/:id/cancel", answering(cancelRun));
}
