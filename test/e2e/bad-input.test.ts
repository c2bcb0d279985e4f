import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textOf } from "../helpers/fake-slack.ts";
import { type PostOptions, startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, type WebhookBody, webhook } from "../helpers/webhooks.ts";

const secrets = { old: "old-token-of-the-rotation", new: "new-token-of-the-rotation", shop: "token-of-the-shop-alone" };
const sha256 = (secret: string) => createHash("sha256").update(secret).digest("hex");

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cortado-many-"));
  server = await startTestServer({
    configuration: {
      clusterName: "shop",
      auth: {
        tokens: [
          { name: "old", sha256: sha256(secrets.old) },
          { name: "new", sha256: sha256(secrets.new) },
          { name: "shop", sha256: sha256(secrets.shop), clusters: ["shop"] },
        ],
      },
      sinksConfig: [
        { slack_sink: { name: "slack", slack_channel: "alerts", api_key: "{{ env.SLACK_TOKEN }}" } },
        { file_sink: { name: "file", file_name: path.join(folder, "findings"), default: false } },
      ],
      customPlaybooks: [
        {
          triggers: [{ on_prometheus_alert: { alert_name: "Many" } }],
          actions: [{ default_enricher: {} }],
          sinks: ["file"],
          stop: true,
        },
        { triggers: [{ on_prometheus_alert: {} }], actions: [{ default_enricher: {} }, { logs_enricher: {} }] },
      ],
    },
    slack: { channels: { alerts: {} } },
    server: { host: "127.0.0.1" },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const authorized: PostOptions = { headers: bearer(secrets.new) };
const messages = (part: string) => server.slack.messages.filter((message) => textOf(message).includes(part));

describe("a body that cannot be read is answered 400 with the reason", () => {
  const bodies: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, RegExp])[] = [
    ["is not JSON", "alerts: []", /^the body is not JSON: /],
    ["is empty", "", /^the body is not JSON: /],
    ["is cut off", '{"alerts": [', /^the body is not JSON: /],
    ["is a list", "[]", /must be a JSON object with a list "alerts"/],
    ["is null", "null", /must be a JSON object with a list "alerts"/],
    ["has no alerts", '{"version": "4"}', /a receiver with a custom "payload" cannot be read/],
    ["has alerts that are no list", '{"alerts": {}}', /must be a JSON object with a list "alerts"/],
    ["is not UTF-8", Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), /^the body is not UTF-8$/],
  ];
  it.each(bodies)("%s", async (_what, body, detail) => {
    const { status, headers, body: answer } = await server.post(body, authorized);
    expect({ status, ...answer }).toEqual({ status: 400, title: "Bad request", detail: expect.stringMatching(detail) });
    expect(headers.get("content-type")).toBe("application/problem+json");
  });

  it("is not UTF-8, and comes in chunks", async () => {
    const answer = await postChunks([Buffer.from([0x7b, 0xff])]);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("the body is not UTF-8") });
  });

  it.each([
    ["is no object", '"Pod"'],
    ["names no operation", '{"data": {"kind": "Pod", "obj": {"metadata": {"name": "a"}}}}'],
    ["has an object without a name", '{"data": {"operation": "create", "kind": "Pod", "obj": {"metadata": {}}}}'],
    [
      "has a namespace that is no text",
      '{"data": {"operation": "create", "kind": "Pod", "obj": {"metadata": {"name": "a", "namespace": 1}}}}',
    ],
  ])("of kubewatch: %s", async (_what, body) => {
    const { status, body: answer } = await server.post(body, { ...authorized, path: "/api/handle" });
    expect({ status, ...answer }).toMatchObject({ status: 400, detail: expect.stringContaining("kubewatch") });
  });
});

describe("a bad alert does not cost its neighbours", () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ["labels that are not strings", { ...firing({ alertname: "Bad" }), labels: { alertname: "Bad", value: 1 } }],
    ["labels that are a list", { ...firing({ alertname: "Bad" }), labels: ["alertname"] }],
    ["no labels", { status: "firing" }],
    ["a status that is none", { ...firing({ alertname: "Bad" }), status: "suppressed" }],
    ["annotations that are not strings", { ...firing({ alertname: "Bad" }), annotations: { summary: null } }],
    ["null in its place", null],
  ];
  it.each(bad)("%s", async (what, one) => {
    const good = firing({ alertname: `Neighbour of ${what}` });
    const { status } = await server.deliver(webhook(one, good), authorized);
    expect(status).toBe(200);
    expect(messages(`Neighbour of ${what}`)).toHaveLength(1);
  });

  it("is counted and logged", async () => {
    expect(await server.metrics()).toContain(`cortado_quarantined_total{receiver="alertmanager"} ${bad.length}`);
    expect(server.logged()).toContain("alerts[0]");
  });
});

describe("what is odd but no mistake is worked", () => {
  it("a label called __proto__", async () => {
    const body = JSON.stringify(webhook(firing({ alertname: "Proto" }))).replace(
      '"alertname":"Proto"',
      '"__proto__":"polluted","constructor":"odd","alertname":"Proto"',
    );
    await server.deliver(JSON.parse(body), authorized);
    const [message] = messages("Proto");
    expect(message && textOf(message)).toMatch(/__proto__ +polluted/);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("annotations of 70 KB", async () => {
    const description = "what happened, at length. ".repeat(2_700);
    await server.deliver(
      webhook(firing({ alertname: "Long" }, { annotations: { summary: "Long story", description } })),
      authorized,
    );
    expect(messages("Long story")).toHaveLength(1);
    expect(server.slack.refusals).toEqual([]);
  });

  it("a startsAt that is no time, and none", async () => {
    await server.deliver(
      webhook(firing({ alertname: "Odd start" }, { startsAt: "yesterday" }), {
        status: "firing",
        labels: { alertname: "No start" },
      }),
      authorized,
    );
    expect(messages("Odd start")).toHaveLength(1);
    expect(messages("No start")).toHaveLength(1);
  });

  it("no alerts at all", async () => {
    expect(await server.post(webhook(), authorized)).toMatchObject({ status: 200, body: { success: true } });
  });
});

it("works 1,000 alerts of one body", { timeout: 120_000 }, async () => {
  const alerts = Array.from({ length: 1_000 }, (_, index) => firing({ alertname: "Many", number: `n-${index}-` }));
  const before = server.trace.filter(({ type }) => type === "ended").length;
  expect(await server.deliver(webhook(...alerts), authorized)).toMatchObject({ status: 200 });
  expect(server.trace.filter(({ type }) => type === "ended").length - before).toBe(1_000);
  const findings = (await readFile(path.join(folder, "findings"), "utf8")).trim().split("\n");
  expect(new Set(findings.map((line) => /n-\d+-/.exec(line)?.[0])).size).toBe(1_000);
});

describe("a body over 10 MiB is answered 413 with advice", () => {
  const mebibyte = Buffer.alloc(1024 * 1024, " ");
  const parts = Array.from({ length: 11 }, () => mebibyte);
  const refusal = { status: 413, text: expect.stringMatching(/more than 10 MiB.*`max_alerts`/) };

  it("that announces its length, before a byte of it is read", async () => {
    expect(await postChunks(parts, { "content-length": String(11 * mebibyte.length) })).toMatchObject(refusal);
    expect(await postChunks([], { "content-length": String(11 * mebibyte.length) })).toMatchObject(refusal);
  });

  it("that comes in chunks", async () => {
    expect(await postChunks(parts)).toMatchObject(refusal);
  });

  it("and the connection that it came on is not needed for the next", async () => {
    expect(await server.post(webhook(), authorized)).toMatchObject({ status: 200 });
  });
});

describe("a token", () => {
  const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString("base64")}` });
  const body: WebhookBody = webhook();

  it.each([
    ["none", {}, 401, /needs `Authorization: Bearer <token>`/],
    ["an empty one", { authorization: "Bearer " }, 401, /needs `Authorization/],
    ["a wrong one", bearer("guessed"), 401, /not one of those in auth\.tokens/],
    ["its hash", bearer(sha256(secrets.new)), 401, /not one of those/],
    ["a wrong password", basic("alertmanager:guessed"), 401, /not one of those/],
    ["a user alone", basic("alertmanager"), 401, /needs `Authorization/],
    ["another scheme", { authorization: `Digest ${secrets.new}` }, 401, /needs `Authorization/],
  ])("is refused: %s", async (_what, headers, status, detail) => {
    const answer = await server.post(body, { headers });
    expect(answer).toMatchObject({ status, body: { title: "Unauthorized", detail: expect.stringMatching(detail) } });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer .*, Basic /);
  });

  it("is looked at before the body is", async () => {
    expect(await server.post("not JSON")).toMatchObject({ status: 401 });
  });

  it.each([
    ["the old one of a rotation", bearer(secrets.old)],
    ["the new one", bearer(secrets.new)],
    ["with basic credentials", basic(`alertmanager:${secrets.new}`)],
    ["with a scheme in another case", { authorization: `bearer ${secrets.new}` }],
  ])("is taken: %s", async (_what, headers) => {
    expect(await server.post(body, { headers })).toMatchObject({ status: 200 });
  });

  it("may not speak for a cluster that it is not for", async () => {
    const at = "/webhooks/alertmanager/bank";
    expect(await server.post(body, { path: at, headers: bearer(secrets.shop) })).toMatchObject({
      status: 403,
      body: { title: "Forbidden", detail: "shop may not speak for the cluster bank" },
    });
  });
});

it("refuses what is no name of a cluster", async () => {
  const at = "/webhooks/alertmanager/Shop%2F..";
  expect(await server.post(webhook(), { ...authorized, path: at })).toMatchObject({
    status: 403,
    body: { detail: '"Shop/.." is not the name of a cluster' },
  });
});

it("tells of an alert of a cluster that is not configured, and asks no other one about it", async () => {
  const before = server.cluster.requests.length;
  const labels = { alertname: "Elsewhere", namespace: "shop", pod: "api-6d4cf56db6-abcde" };
  await server.deliver(webhook(firing(labels)), { ...authorized, path: "/webhooks/alertmanager/bank" });
  const [message] = messages("Elsewhere");
  expect(message && textOf(message)).toContain("the cluster bank is not in the configuration");
  expect(server.cluster.requests.slice(before)).toEqual([]);
});

it("says of another path that there is nothing", async () => {
  expect(await server.post(webhook(), { ...authorized, path: "/webhooks/nobody" })).toMatchObject({
    status: 404,
    body: { title: "Not found", detail: "POST /webhooks/nobody is not something that Cortado answers" },
  });
});

it("tells of a pod that is gone", async () => {
  await server.deliver(webhook(firing({ alertname: "Gone", namespace: "shop", pod: "api-gone" })), authorized);
  const [message] = messages("Gone");
  expect(message && textOf(message)).toContain(
    "Pod shop/api-gone is named by the alert but does not exist in the cluster.",
  );
});

it("has shown no secret to anybody", async () => {
  const shown = [
    server.logged(),
    JSON.stringify(server.trace),
    JSON.stringify(await server.runs()),
    JSON.stringify(server.slack.messages),
    await server.metrics(),
  ].join("\n");
  for (const secret of [...Object.values(secrets), server.slack.token]) expect(shown).not.toContain(secret);
});

/** A request of its own, with the body in chunks where the headers announce no length. */
async function postChunks(chunks: readonly Uint8Array[], headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; text: string }>();
  const outgoing = request(`${server.url}/webhooks/alertmanager`, {
    method: "POST",
    headers: { ...bearer(secrets.new), ...headers },
    agent: false,
  });
  outgoing.on("response", (response) => {
    text(response).then((body) => resolve({ status: response.statusCode, text: body }), reject);
  });
  // A server that has answered may close before it has read everything: the answer is what counts.
  outgoing.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ECONNRESET") reject(error);
  });
  for (const chunk of chunks) outgoing.write(chunk);
  if (chunks.length > 0 || headers["content-length"] === undefined) outgoing.end();
  else outgoing.flushHeaders();
  try {
    return await promise;
  } finally {
    outgoing.destroy();
  }
}
