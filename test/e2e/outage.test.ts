/** The state table is away: nobody is told that something was taken that was not. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createTableIfMissing } from "../../src/state/create-table.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../../src/state/embedded.ts";
import { textOf } from "../helpers/fake-slack.ts";
import { type LossyProxy, startLossyProxy } from "../helpers/lossy-proxy.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const tableName = "outage";
let database: EmbeddedDatabase;
let proxy: LossyProxy;
let server: TestServer;
beforeAll(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "the-secret-key-of-the-table");
  database = await startEmbeddedDatabase();
  proxy = await startLossyProxy({ path: database.socketPath });
  await createTableIfMissing({ tableName, socketPath: database.socketPath });
  server = await startTestServer({
    configuration: {
      customPlaybooks: [{ triggers: [{ on_prometheus_alert: {} }], actions: [{ default_enricher: {} }] }],
    },
    settings: { table: { kind: "dynamodb", tableName, region: "us-east-1", endpoint: proxy.endpoint } },
  });
});
afterAll(async () => {
  await server.close();
  await proxy.close();
  await database.close();
  vi.unstubAllEnvs();
});

const messages = (title: string) => server.slack.messages.filter((message) => textOf(message).includes(title));

it("answers 503 while it is away, and works the alert when Alertmanager comes again", async () => {
  const body = webhook(firing({ alertname: "During" }));
  proxy.refuse(true);
  const refused = await server.post(body);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("2");
  expect(refused.body).toMatchObject({ title: "Unavailable", detail: expect.stringContaining("The table outage") });
  const ready = await fetch(`${server.adminUrl}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    {
      status: "not ready",
      reason: "the state table does not answer",
      generation: expect.stringMatching(/^[0-9a-f]{16}$/),
    },
  ]);
  expect((await fetch(`${server.adminUrl}/healthz`)).status).toBe(200);

  proxy.refuse(false);
  expect(await server.deliver(body)).toMatchObject({ status: 200 });
  expect(messages("During")).toHaveLength(1);
  expect((await fetch(`${server.adminUrl}/readyz`)).status).toBe(200);
});

it("still answers 200 to what concerns nobody, and 400 to what cannot be read", async () => {
  proxy.refuse(true);
  expect(await server.post(webhook())).toMatchObject({ status: 200 });
  expect(await server.post("no JSON")).toMatchObject({ status: 400 });
  proxy.refuse(false);
});

it("works an alert whose queueing had no answer once, though it is sent again", async () => {
  const body = webhook(firing({ alertname: "Lost answer" }));
  proxy.loseNextAnswer();
  await server.post(body);
  await server.post(body);
  await server.idle();
  expect(proxy.lost()).toBe(1);
  expect(messages("Lost answer")).toHaveLength(1);
});

it("has shown no secret", () => {
  expect(server.logged()).not.toContain("the-secret-key-of-the-table");
});
