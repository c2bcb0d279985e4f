/** Health, readiness, metrics, and what came of nothing, on a port of their own: for operators, the kubelet and Prometheus. */
import { Hono } from "hono";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { answerTo } from "./problem-details.ts";
import { authenticate, type Token } from "./receivers/authenticate.ts";
import type { Recent } from "./recent.ts";

export interface AdminServices {
  readonly metrics: Metrics;
  readonly recent: Recent;
  /** Undefined when deliveries can be taken, else why not. */
  readonly ready: () => Promise<string | undefined>;
  /** One of them has to be shown for what tells of alerts. */
  readonly tokens: readonly Token[];
  readonly log: Logger;
}

export function createAdminApp({ metrics, recent, ready, tokens, log }: AdminServices): Hono {
  const app = new Hono();
  // Depends on nothing outside the process: restarting it would not bring a database back.
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const reason = await ready();
    return reason === undefined ? c.json({ status: "ready" }) : c.json({ status: "not ready", reason }, 503);
  });
  app.get("/idle", (c) => {
    authenticate(c.req.header("authorization"), tokens);
    return c.json(recent.list());
  });
  app.get("/metrics", async (c) => c.text(await metrics.render(), 200, { "Content-Type": metrics.contentType }));
  app.onError((error, c) => answerTo(error, c, log));
  return app;
}
