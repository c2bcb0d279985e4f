import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { createAdminApp } from "../src/admin-app.ts";
import { createMetrics } from "../src/metrics.ts";
import { createRecent } from "../src/recent.ts";
import { recordingLog } from "../src/testing/log.ts";

const secret = "operator-secret";
const tokens = [{ name: "operator", sha256: createHash("sha256").update(secret).digest("hex") }];
const metrics = createMetrics(() => ({ pending: 0, inWork: 0 }));

function appWith({ reason, open = false }: { reason?: string; open?: boolean } = {}) {
  const recent = createRecent(() => 0);
  const delivery = { id: "1", key: "alert#1", cluster: "prod", kind: "alert", title: "Up firing" } as const;
  recent.onTrace({ type: "recognised", delivery, reason: "worked" });
  return createAdminApp({
    metrics,
    recent,
    log: recordingLog([]),
    ready: async () => reason,
    tokens: open ? [] : tokens,
  });
}

const bearer = { headers: { authorization: `Bearer ${secret}` } };

it.each([
  ["/healthz", 200, { status: "ok" }],
  ["/readyz", 200, { status: "ready" }],
])("%s answers anybody", async (path, status, body) => {
  const response = await appWith().request(path);
  expect({ status: response.status, body: await response.json() }).toEqual({ status, body });
});

it("a server that cannot take deliveries is alive and not ready, and says why", async () => {
  const app = appWith({ reason: "the state table does not answer" });
  expect((await app.request("/healthz")).status).toBe(200);
  const response = await app.request("/readyz");
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: "not ready", reason: "the state table does not answer" });
});

it("metrics are in Prometheus' format", async () => {
  const response = await appWith().request("/metrics");
  expect(response.headers.get("content-type")).toContain("text/plain");
  expect(await response.text()).toContain("cortado_queue_pending 0");
});

it("what tells of alerts is told to who has a token, where there is one", async () => {
  expect((await appWith().request("/idle")).status).toBe(401);
  expect((await appWith().request("/idle", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
  expect(await (await appWith().request("/idle", bearer)).json()).toMatchObject([{ known: "worked" }]);
  expect((await appWith({ open: true }).request("/idle")).status).toBe(200);
});
