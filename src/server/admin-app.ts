/** Health, readiness, metrics, and what came of nothing, on a port of their own: for operators, the kubelet and Prometheus. */
import { Hono } from "hono";
import { requireScope } from "../auth/principal.ts";
import { type CallerServices, callerOf } from "../caller.ts";
import type { Logger } from "../log.ts";
import { answerTo } from "../problem-details.ts";
import type { Metrics } from "./metrics.ts";
import type { Recent } from "./recent.ts";
import type { Refusal } from "./serving.ts";

export interface AdminServices extends CallerServices {
  readonly metrics: Metrics;
  readonly recent: Recent;
  /** Undefined when deliveries can be taken, else why not. */
  readonly ready: () => Promise<string | undefined>;
  /** Which one serves. */
  readonly generation: string;
  /** Why what is configured is not what serves, where it is not. */
  readonly refusal: () => Refusal | undefined;
  /** Why sources cannot be asked whether they have moved, by repository, where they cannot. */
  readonly away: () => Readonly<Record<string, string>>;
  readonly log: Logger;
}

export function createAdminApp(services: AdminServices): Hono {
  const { metrics, recent, log, generation } = services;
  const app = new Hono();
  // Depends on nothing outside the process: restarting it would not bring a database back.
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const reason = await services.ready();
    const detail = { generation, ...refused(services.refusal()), ...sourcesAway(services.away()) };
    // One that was refused is no reason to take no deliveries: the one before it goes on.
    if (reason === undefined) return c.json({ status: "ready", ...detail });
    return c.json({ status: "not ready", reason, ...detail }, 503);
  });
  app.get("/idle", async (c) => {
    requireScope((await callerOf(c, services)).principal, "read");
    return c.json(recent.list());
  });
  app.get("/metrics", async (c) => c.text(await metrics.render(), 200, { "Content-Type": metrics.contentType }));
  app.onError((error, c) => answerTo(error, c, log));
  return app;
}

const refused = (refusal: Refusal | undefined) =>
  refusal === undefined ? {} : { refused: { ...refusal, at: new Date(refusal.at).toISOString() } };

const sourcesAway = (away: Readonly<Record<string, string>>) => (Object.keys(away).length === 0 ? {} : { away });
