/** What is pushed to a running server: it runs it, or says why not, and can go back. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiledForPush } from "../helpers/compiled.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const action = (name: string, says: string, more = "") => `
import { action, markdown, PrometheusKubernetesAlert } from "cortado";
export const it = action({
  name: "${name}",
  on: PrometheusKubernetesAlert,
  run: (event) => event.addEnrichment([markdown("${name} says ${says}")]),
});
${more}`;

const secrets = { admin: "the-secret-of-the-admin", reader: "the-secret-of-the-reader" };
const token = (name: keyof typeof secrets, scopes: readonly string[]) => ({
  name,
  sha256: createHash("sha256").update(secrets[name]).digest("hex"),
  scopes,
});

let scratch: string;
let findings: string;
let server: TestServer;

const playbook = (alert_name: string, ...actions: readonly string[]) => ({
  triggers: [{ on_prometheus_alert: { alert_name } }],
  actions: actions.map((name) => ({ [name]: {} })),
});
const configuration = (...playbooks: readonly unknown[]) => ({
  auth: { tokens: [token("admin", ["admin", "ingest"]), token("reader", ["read"])] },
  sinksConfig: [{ file_sink: { name: "findings", file_name: findings } }],
  customPlaybooks: playbooks,
});

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "cortado-push-"));
  findings = path.join(scratch, "findings.jsonl");
  server = await startTestServer({
    configuration: configuration(playbook("Own", "own")),
    actions: { "own.ts": action("own", "one") },
  });
});
afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

interface Asked {
  readonly method?: string;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly as?: keyof typeof secrets;
}

async function ask(at: string, { method = "GET", body, as = "admin" }: Asked = {}) {
  const headers = { authorization: `Bearer ${secrets[as]}` };
  const response = await fetch(`${server.url}/api/playbooks${at}`, { method, headers, ...(body ? { body } : {}) });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function push(name: string, files: Readonly<Record<string, string>>, version = "") {
  const { bytes, sha256 } = await compiledForPush(name, files);
  return { sha256, ...(await ask(`/${name}${version && `?version=${version}`}`, { method: "PUT", body: bytes })) };
}

/** What was said of an alert that fires now. */
async function said(alertname: string): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${secrets.admin}` };
  await server.deliver(webhook(firing({ alertname, at: `${performance.now()}` })), { headers });
  const lines = (await readFile(findings, "utf8")).trim().split("\n");
  return /\w+ says \w+/.exec(lines.at(-1) ?? "")?.[0];
}

describe("a repository that is pushed", () => {
  it("is live under its name, without being configured, when the push is answered", async () => {
    const { status, body, sha256 } = await push("pushed", { "a.ts": action("greet", "hello") }, "1.2.3");
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { name: "pushed", revision: 1, live: { sha256, packageVersion: "1.2.3", by: "admin", apiVersion: 1 } },
    });
    await server.configure(configuration(playbook("Own", "own"), playbook("Greeted", "greet")));
    expect(await server.reload("a playbook names it")).toMatchObject({ ok: true });
    expect(await said("Greeted")).toBe("greet says hello");
    expect(await ask("/pushed", { as: "reader" })).toMatchObject({ status: 200, body: { serves: true, history: [] } });
  });

  it("is followed by its next version, and can go back", async () => {
    const first = await ask("/pushed");
    const next = await push("pushed", { "a.ts": action("greet", "goodbye") }, "1.3.0");
    expect(next).toMatchObject({ status: 200, body: { revision: 2, history: [first.body.live] } });
    expect(await said("Greeted")).toBe("greet says goodbye");
    const back = await ask("/pushed/rollback", { method: "POST" });
    expect(back).toMatchObject({ status: 200, body: { revision: 3, live: { packageVersion: "1.2.3" } } });
    expect(back.body.generation).not.toBe(next.body.generation);
    expect(await said("Greeted")).toBe("greet says hello");
    const to = next.sha256.slice(0, 8);
    expect(await ask("/pushed/rollback", { method: "POST", body: JSON.stringify({ to }) })).toMatchObject({
      body: { revision: 4, live: { sha256: next.sha256 } },
    });
    expect(await said("Greeted")).toBe("greet says goodbye");
  });

  it("is not pushed again where it is what is live", async () => {
    const before = await ask("/pushed");
    expect(await push("pushed", { "a.ts": action("greet", "goodbye") })).toMatchObject({
      status: 200,
      body: { revision: before.body.revision },
    });
  });

  it.each<[string, string, string, RegExp]>([
    ["fails as it is loaded", action("greet", "x"), "throw new Error('not today');", /not today/],
    ["ends the process as it is loaded", action("greet", "x"), "process.exit(3);", /process\.exit/],
    ["has not what a playbook needs", action("meet", "x"), "", /There is no action `greet`/],
    ["has an action that another has", action("own", "x"), "", /`own` is already defined/],
    ["has the name of a built-in action", action("logs_enricher", "x"), "", /logs_enricher/],
    [
      "is made for another major version of the API",
      action("greet", "x"),
      'Symbol.for("cortado.host.v9");',
      /version 9/,
    ],
  ])("is refused where it %s, and what was live goes on", async (_, source, tail, why) => {
    const before = await ask("/pushed");
    const { bytes } = await compiledForPush("pushed", { "a.ts": source });
    const refused = await ask("/pushed", { method: "PUT", body: `${tail}\n${Buffer.from(bytes).toString()}` });
    expect(refused.status).toBe(422);
    expect(refused.body.problems.map(({ message }: { message: string }) => message).join("\n")).toMatch(why);
    expect(await ask("/pushed")).toEqual(before);
    expect(await said("Greeted")).toBe("greet says goodbye");
  });
});
