import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { createAdminApp } from "../../src/server/admin-app.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { createRecent } from "../../src/server/recent.ts";
import type { Refusal } from "../../src/server/serving.ts";
import { recordingLog } from "../../src/testing/log.ts";

const secret = "operator-secret";
const tokens = [{ name: "operator", sha256: createHash("sha256").update(secret).digest("hex"), scopes: ["read"] }];
const generation = "00000000000000a1";
const metrics = createMetrics({
  queue: () => ({ pending: 0, inWork: 0 }),
  serving: () => ({ generation, refusal: undefined }),
});

interface Case {
  readonly reason?: string;
  readonly open?: boolean;
  readonly refusal?: Refusal;
  readonly away?: Readonly<Record<string, string>>;
}

function appWith({ reason, open = false, refusal, away = {} }: Case = {}) {
  const recent = createRecent(() => 0);
  const delivery = { id: "1", key: "alert#1", cluster: "prod", kind: "alert", title: "Up firing" } as const;
  recent.onTrace({ type: "recognised", delivery, reason: "worked" });
  return createAdminApp({
    metrics,
    recent,
    log: recordingLog([]),
    ready: async () => reason,
    generation,
    refusal: () => refusal,
    away: () => away,
    tokens: open ? [] : tokens,
    signers: [],
    claims: { claim: async () => undefined },
    now: () => 0,
  });
}

const bearer = { headers: { authorization: `Bearer ${secret}` } };

it.each([
  ["/healthz", 200, { status: "ok" }],
  ["/readyz", 200, { status: "ready", generation }],
])("%s answers anybody", async (path, status, body) => {
  const response = await appWith().request(path);
  expect({ status: response.status, body: await response.json() }).toEqual({ status, body });
});

it("a server that cannot take deliveries is alive and not ready, and says why", async () => {
  const app = appWith({ reason: "the state table does not answer" });
  expect((await app.request("/healthz")).status).toBe(200);
  const response = await app.request("/readyz");
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    status: "not ready",
    reason: "the state table does not answer",
    generation,
  });
});

it("a server that goes on with what it had is ready, and says what was refused", async () => {
  const problems = [{ at: "cortado.yaml:3:1", message: "The playbook has no trigger." }];
  const response = await appWith({ refusal: { at: Date.UTC(2026, 0, 2), problems } }).request("/readyz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: "ready",
    generation,
    refused: { at: "2026-01-02T00:00:00.000Z", problems },
  });
});

it("a server whose sources are away is ready, and says which", async () => {
  const away = { mine: "github.com did not answer in time" };
  const response = await appWith({ away }).request("/readyz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ready", generation, away });
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
