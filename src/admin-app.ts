/** Health, readiness, metrics, and what came of nothing, on a port of their own: for operators, the kubelet and Prometheus. */
import { Hono } from "hono";
import type { Metrics } from "./metrics.ts";
import type { Recent } from "./recent.ts";

export interface AdminServices {
  readonly metrics: Metrics;
  readonly recent: Recent;
  /** Undefined when deliveries can be taken, else why not. */
  readonly ready: () => Promise<string | undefined>;
}

export function createAdminApp({ metrics, recent, ready }: AdminServices): Hono {
  const app = new Hono();
  // Depends on nothing outside the process: restarting it would not bring a database back.
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const reason = await ready();
    return reason === undefined ? c.json({ status: "ready" }) : c.json({ status: "not ready", reason }, 503);
  });
  app.get("/idle", (c) => c.json(recent.list()));
  app.get("/metrics", async (c) => c.text(await metrics.render(), 200, { "Content-Type": metrics.contentType }));
  return app;
}
