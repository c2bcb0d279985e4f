import { describe, expect, it } from "vitest";
import { type AnsweredRequest, type AppServices, createApp } from "../src/app.ts";
import { BadRequestError, UnavailableError } from "../src/errors.ts";
import type { ActionFacts } from "../src/playbooks/action-facts.ts";
import { type LogEntry, recordingLog } from "../src/testing/log.ts";
import { firing, webhook } from "./helpers/webhooks.ts";

const nap: ActionFacts = {
  name: "nap",
  description: "Does nothing",
  on: "ExecutionBaseEvent",
  effects: "read",
  permissions: [],
  retry: "resume",
  timeoutSeconds: 60,
  target: { required: false, kinds: [] },
  params: { type: "object" },
};

function appWith(accept: AppServices["accept"], more: Partial<AppServices> = {}) {
  const requests: AnsweredRequest[] = [];
  const entries: LogEntry[] = [];
  const app = createApp({
    tokens: [],
    signers: [],
    claims: { claim: async () => undefined },
    clusters: { clusterName: "shop" },
    relabel: [],
    generation: "g",
    actions: [nap],
    lightActions: [],
    slackApps: [],
    check: async () => [],
    runs: { get: async () => [], list: async () => [], put: async () => undefined },
    ledgers: { read: async () => [], take: async () => "busy", requestCancel: async () => false },
    onRefused: () => undefined,
    accept,
    log: recordingLog(entries),
    now: () => 5,
    onRequest: (request) => requests.push(request),
    ...more,
  });
  return { app, requests, entries };
}
const post = (
  app: ReturnType<typeof appWith>["app"],
  path: string,
  body: unknown = webhook(firing({ alertname: "A" })),
) => app.request(path, { method: "POST", body: JSON.stringify(body) });
const tooMuch = new UnavailableError("too much to do", { retryAfterSeconds: 2 });
const taken = async () => ({ queued: 1, unmatched: 0, recognised: 0 });

describe("routes", () => {
  it.each([
    ["/webhooks/alertmanager", "shop"],
    ["/webhooks/alertmanager/bank", "bank"],
    ["/api/alerts", "shop"],
    ["/api/alerts/bank", "bank"],
  ])("%s takes alerts of the cluster %s", async (path, cluster) => {
    const clusters: string[] = [];
    const { app, requests } = appWith(async (deliveries) => {
      clusters.push(...deliveries.map((delivery) => delivery.cluster));
      return await taken();
    });
    const response = await post(app, path);
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect(clusters).toEqual([cluster]);
    expect(requests).toEqual([{ receiver: "alertmanager", status: 200, quarantined: 0 }]);
  });

  it.each([
    ["GET", "/webhooks/alertmanager"],
    ["PUT", "/api/alerts"],
    ["POST", "/webhooks/alertmanager/a/b"],
    ["POST", "/"],
  ])("%s %s is none", async (method, path) => {
    const response = await appWith(taken).app.request(path, { method });
    expect([response.status, await response.json()]).toEqual([
      404,
      { title: "Not found", status: 404, detail: `${method} ${path} is not something that Cortado answers` },
    ]);
  });
});

describe("what is not taken over is not answered 2xx", () => {
  it.each([
    [new UnavailableError("too much to do", { retryAfterSeconds: 2 }), 503, "2", "too much to do"],
    [new UnavailableError("the table is away"), 503, null, "the table is away"],
    [new BadRequestError("no"), 400, null, "no"],
    [
      new Error("a defect with a secret"),
      503,
      null,
      "something unforeseen failed here; the log of this instance says what",
    ],
  ])("%s: %i", async (error, status, retryAfter, detail) => {
    const { app, requests, entries } = appWith(() => Promise.reject(error));
    const response = await post(app, "/api/alerts");
    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(await response.json()).toMatchObject({ detail });
    expect(requests).toMatchObject([{ status }]);
    expect(entries.filter(({ level }) => level === "error")).toHaveLength(status === 503 ? 1 : 0);
  });
});

it("counts what it could not read, and takes the rest", async () => {
  const { app, requests, entries } = appWith(taken);
  const response = await post(app, "/api/alerts", webhook({ status: "odd" }, firing({ alertname: "A" })));
  expect(response.status).toBe(200);
  expect(requests).toMatchObject([{ quarantined: 1 }]);
  expect(entries).toMatchObject([{ level: "warn", message: "items were quarantined" }]);
});

describe("an action by hand", () => {
  const away = new UnavailableError("the table is away");
  it.each<[string, AppServices["accept"], Partial<AppServices>, string]>([
    ["that is not taken over", () => Promise.reject(away), {}, "5"],
    ["for which there is too much to do", () => Promise.reject(tooMuch), {}, "2"],
    ["that nothing can check", taken, { check: () => Promise.reject(away) }, "5"],
  ])("%s is answered 503, and when to come again", async (_, accept, more, retryAfter) => {
    const response = await appWith(accept, more).app.request("/api/actions/nap", { method: "POST" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, retryAfter]);
  });

  it("that is taken over is answered 202, also where its run cannot be read", async () => {
    const fails = () => Promise.reject(away);
    const { app, entries } = appWith(taken, { runs: { get: fails, put: fails, list: fails } });
    const response = await app.request("/api/actions/nap", { method: "POST" });
    expect(response.status).toBe(202);
    const { run, state } = JSON.parse(await response.text());
    expect([response.headers.get("location"), state]).toEqual([`/api/runs/${run}`, "queued"]);
    expect(entries).toMatchObject([{ level: "warn", message: "a run could not be read" }]);
  });
});
