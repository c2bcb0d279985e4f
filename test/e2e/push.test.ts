/** What is pushed to a running server: it runs it, or says why not, and can go back. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

const secrets = { admin: "the-secret-of-the-admin", reader: "the-secret-of-the-reader", limited: "the-secret-of-one" };
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
  auth: {
    tokens: [
      token("admin", ["admin", "ingest"]),
      token("reader", ["read"]),
      { ...token("limited", ["admin"]), namespaces: ["shop"] },
    ],
  },
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

/** Each push starts two threads and a process, on a machine that has other tests to run. */
const long = { timeout: 90_000 };

describe("a repository that is pushed", long, () => {
  it("is live under its name, without being configured, when the push is answered", async () => {
    const { status, body, sha256 } = await push("pushed", { "a.ts": action("greet", "hello") }, "1.2.3");
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { name: "pushed", revision: 1, live: { sha256, packageVersion: "1.2.3", by: "admin", apiVersion: 1 } },
    });
    await server.configure(configuration(playbook("Own", "own"), playbook("Greeted", "greet")));
    expect(await server.reload("a playbook names it")).toMatchObject({ ok: true });
    expect(await said("Greeted")).toBe("greet says hello");
    expect(await ask("/pushed", { as: "reader" })).toMatchObject({
      status: 200,
      body: { serves: true, history: [], actions: [{ name: "greet" }] },
    });
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

describe("bad input", long, () => {
  it("two pushes at once: one is live, the other is told by whom it was overtaken", async () => {
    const versions = ["left", "right"].map((says) => compiledForPush("pushed", { "a.ts": action("greet", says) }));
    const pushes = (await Promise.all(versions)).map(({ bytes }) => ask("/pushed", { method: "PUT", body: bytes }));
    const answers = await Promise.all(pushes);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [won] = answers.filter(({ status }) => status === 200);
    const [lost] = answers.filter(({ status }) => status === 409);
    expect(lost?.body.detail).toMatch(/^admin made pushed \(\w{8}\) live meanwhile/);
    expect((await ask("/pushed")).body).toMatchObject({ live: won?.body.live, revision: won?.body.revision });
  });

  it("a push of a broken repository while alerts arrive: each is worked once, by what was live", async () => {
    const before = await ask("/pushed");
    const { bytes } = await compiledForPush("pushed", { "a.ts": action("greet", "broken") });
    const broken = `${Buffer.from(bytes)}\nthrow new Error("broken");`;
    const runsBefore = (await server.runs(1_000)).length;
    const headers = { authorization: `Bearer ${secrets.admin}` };
    let posted = 0;
    let pushing = true;
    const alerts = async () => {
      while (pushing) {
        posted += 1;
        const body = webhook(firing({ alertname: "Greeted", number: `${posted}` }));
        expect((await server.post(body, { headers })).status).toBe(200);
        await new Promise((resume) => setTimeout(resume, 20));
      }
    };
    const push = async () => {
      const refused = await ask("/pushed", { method: "PUT", body: broken });
      pushing = false;
      return refused.status;
    };
    const [status] = await Promise.all([push(), alerts()]);
    await server.idle();
    expect(status).toBe(422);
    expect(await ask("/pushed")).toEqual(before);
    const runs = (await server.runs(1_000)).slice(0, -runsBefore);
    expect(runs).toHaveLength(posted);
    expect(new Set(runs.map(({ state, generation }) => `${state} ${generation}`)).size).toBe(1);
  });

  it("a rollback to what is gone from the store, or never was", async () => {
    const { body } = await ask("/pushed");
    const { sha256 } = body.history.find((version: { sha256: string }) => version.sha256 !== body.live.sha256);
    await rm(path.join(server.folder, "data", "store", `${sha256}.mjs`));
    const back = (to: string) => ask("/pushed/rollback", { method: "POST", body: JSON.stringify({ to }) });
    expect(await back(sha256)).toMatchObject({ status: 404, body: { detail: expect.stringMatching(/is gone/) } });
    expect(await back("0".repeat(64))).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/^pushed has no version 0+ that could be gone back to/) },
    });
    expect(await back("..")).toMatchObject({ status: 422 });
    expect((await ask("/pushed")).body).toMatchObject({ revision: body.revision });
  });

  it("a rollback to what was tampered with in the store", async () => {
    await push("other", { "a.ts": action("other", "one") });
    const { body } = await push("other", { "a.ts": action("other", "two") });
    const [{ sha256 }] = body.history;
    await writeFile(path.join(server.folder, "data", "store", `${sha256}.mjs`), "export const evil = 1;");
    const refused = await ask("/other/rollback", { method: "POST" });
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining("its hash differs") } });
  });

  it("the deletion of what a playbook needs is refused, of what none needs not", async () => {
    const needed = await ask("/pushed", { method: "DELETE" });
    expect(needed).toMatchObject({
      status: 422,
      body: { problems: [{ message: expect.stringContaining("There is no action `greet`") }] },
    });
    const deleted = await ask("/other", { method: "DELETE" });
    expect(deleted.status).toBe(200);
    expect((await ask("")).body.playbooks.map(({ name }: { name: string }) => name)).toEqual(["pushed"]);
    expect(await ask("/other/rollback", { method: "POST" })).toMatchObject({ status: 200 });
  });

  it("a bundle of 50 MB is refused before it is read", async () => {
    const large = new Uint8Array(50 * 1024 * 1024).fill(32);
    const refused = await ask("/large", { method: "PUT", body: large });
    expect(refused).toMatchObject({ status: 413, body: { detail: expect.stringMatching(/^The bundle has 50 MB/) } });
    expect((await ask("/large")).status).toBe(404);
  });

  it.each<[string, string, Asked, number]>([
    ["nobody who may", "/pushed", { method: "DELETE", as: "reader" }, 403],
    ["who may do it in one namespace alone", "/pushed", { method: "DELETE", as: "limited" }, 403],
    ["who may read alone, of a bundle", "/pushed/bundle", { as: "reader" }, 403],
    ["a name that cannot be", "/a%20b", { method: "PUT", body: "export {};" }, 400],
    ["a name that leads elsewhere", "/..%2F..%2Fetc", { method: "PUT", body: "export {};" }, 400],
    ["what is no JavaScript", "/new", { method: "PUT", body: "not JavaScript" }, 422],
    ["what was never pushed", "/new/rollback", { method: "POST" }, 404],
  ])("%s", async (_, at, asked, status) => {
    expect((await ask(at, asked)).status).toBe(status);
  });

  it("what is configured under the name has the last word, and the model's storage path means what is pushed", async () => {
    const url = "file:///etc/robusta/playbooks/storage/pushed";
    const named = { ...configuration(playbook("Greeted", "greet")), playbookRepos: { renamed: { url } } };
    await server.configure(named);
    expect(await server.reload("the storage path")).toMatchObject({ ok: true });
    await server.configure({
      ...named,
      playbookRepos: { pushed: { url: `file://${path.join(server.folder, "actions")}` } },
    });
    const refused = await server.reload("the name is configured");
    expect(refused).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining("no action `greet`") }] });
    await server.configure({ ...named, playbookRepos: { renamed: { url: `${url}-more` } } });
    expect(await server.reload("nothing is pushed under it")).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining("Nothing is pushed under the name `pushed-more`") }],
    });
  });
});
