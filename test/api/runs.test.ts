/** What callers may know of runs. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InlineApp, startInlineApp } from "../helpers/inline-app.ts";
import { firing, webhook } from "../helpers/webhooks.ts";

const actions = {
  "own.ts": `import { action, ExecutionBaseEvent, markdown } from "cortado";
export const say = action({
  name: "say",
  on: ExecutionBaseEvent,
  effects: "read",
  run: (event) => event.addEnrichment([markdown("said")]),
});
export const tell = action({ name: "tell", on: ExecutionBaseEvent, effects: "read", run: () => {} });
`,
};

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const token = (name: string, limits: object) => ({ name, sha256: sha256(name), ...limits });

const configuration = {
  clusterName: "one",
  clusters: [{ name: "two" }],
  customPlaybooks: [
    { name: "first", triggers: [{ on_prometheus_alert: { alert_name: "Both" } }], actions: [{ say: {} }] },
    { name: "second", triggers: [{ on_prometheus_alert: { alert_name: "Both" } }], actions: [{ tell: {} }] },
  ],
  auth: {
    tokens: [
      token("all", { scopes: ["admin", "ingest", "invoke:**"] }),
      token("other", { scopes: ["invoke:**"] }),
      token("reader", { scopes: ["read"] }),
      token("reader-two", { scopes: ["read"], clusters: ["two"] }),
      token("reader-shop", { scopes: ["read"], namespaces: ["shop"] }),
      token("sender", { scopes: ["ingest"] }),
    ],
  },
};

let inline: InlineApp;
let ids: Readonly<Record<"say" | "tell" | "two" | "alert", string>>;
beforeAll(async () => {
  inline = await startInlineApp({ configuration, actions });
  const run = async (action: string, body: object) => {
    const answer = await inline.request("POST", `/api/actions/${action}`, { as: "all", body });
    return String(answer.body.run);
  };
  const target = { kind: "pod", namespace: "shop", name: "api-1" };
  const say = await run("say", { target });
  const tell = await run("tell", {});
  const two = await run("tell", { target: { cluster: "two" } });
  const alert = webhook(firing({ alertname: "Both" }));
  await inline.request("POST", "/webhooks/alertmanager", { as: "all", body: alert });
  const listed = await list("all");
  ids = { say, tell, two, alert: listed.find(({ title }) => title === "Both firing")?.run ?? "" };
});
afterAll(() => inline.close());

interface Listed {
  readonly run: string;
  readonly playbook: string;
  readonly title: string;
  readonly state: string;
}

const get = (path: string, as: string) => inline.request("GET", path, { as });
async function list(as: string, query = ""): Promise<readonly Listed[]> {
  const { status, body } = await get(`/api/runs${query}`, as);
  expect(status).toBe(200);
  return body.runs as readonly Listed[];
}
const named = (runs: readonly Listed[]) =>
  runs.map(({ run }) => Object.entries(ids).find(([, id]) => id === run)?.[0] ?? run);

describe("a run", () => {
  it("of an alert tells of each of its playbooks", async () => {
    expect(await get(`/api/runs/${ids.alert}`, "reader")).toMatchObject({
      status: 200,
      body: {
        run: ids.alert,
        state: "done",
        title: "Both firing",
        steps: [
          { action: "say", state: "done" },
          { action: "tell", state: "done" },
        ],
        sinks: [{ sink: "file", outcome: "posted" }],
      },
    });
  });

  it.each<[string, string, number]>([
    ["say", "reader", 200],
    ["say", "reader-shop", 200],
    ["say", "reader-two", 404],
    ["say", "other", 404],
    ["say", "sender", 404],
    ["say", "all", 200],
    ["tell", "reader-shop", 404],
    ["two", "reader-two", 200],
    ["alert", "reader-shop", 404],
    ["nothing", "reader", 404],
  ])("%s, asked for by %s: %i", async (run, as, status) => {
    const id = Object.entries(ids).find(([name]) => name === run)?.[1] ?? run;
    expect(await get(`/api/runs/${id}`, as)).toMatchObject({ status });
  });

  it("that there is not is told as one that is not to be seen", async () => {
    const unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const of = async (id: string) => String((await get(`/api/runs/${id}`, "other")).body.detail).replaceAll(id, "");
    expect(await of(unknown)).toBe(await of(ids.say));
  });
});

describe("the list of runs", () => {
  it.each<[string, string, string, readonly string[]]>([
    ["everything, newest first", "reader", "", ["alert", "alert", "two", "tell", "say"]],
    ["of a cluster", "reader", "?cluster=two", ["two"]],
    ["of an action by hand", "reader", "?playbook=~tell", ["two", "tell"]],
    ["in a state", "reader", "?state=failed", []],
    ["no more than asked for", "reader", "?limit=1", ["alert"]],
    ["what is in its clusters", "reader-two", "", ["two"]],
    ["what is on objects in its namespaces", "reader-shop", "", ["say"]],
    ["its own", "other", "", []],
  ])("%s", async (_, as, query, expected) => {
    expect(named(await list(as, query))).toEqual(expected);
  });

  it("is gone on with where it ended", async () => {
    const seen: Listed[] = [];
    let next = "";
    do {
      const { body } = await get(`/api/runs?limit=2${next}`, "reader");
      seen.push(...(body.runs as readonly Listed[]));
      next = typeof body.next === "string" ? `&before=${encodeURIComponent(body.next)}` : "";
    } while (next !== "");
    expect(named(seen)).toEqual(["alert", "alert", "two", "tell", "say"]);
  });

  it.each([
    ["?limit=0", "limit"],
    ["?limit=many", "limit"],
    ["?before=yesterday", "before"],
    ["?state=odd", "state"],
    ["?statee=done", "statee"],
  ])("of %s is refused", async (query, path) => {
    expect(await get(`/api/runs${query}`, "reader")).toMatchObject({ status: 422, body: { problems: [{ path }] } });
  });

  it("is for readers", async () => {
    expect(await get("/api/runs", "sender")).toMatchObject({ status: 403 });
  });
});

describe("cancelling", () => {
  const cancel = (id: string, as: string) => inline.request("POST", `/api/runs/${id}/cancel`, { as });

  it("what has ended is a conflict", async () => {
    expect(await cancel(ids.say, "all")).toMatchObject({ status: 409, body: { detail: "the run has ended: done" } });
  });

  it.each<["say" | "alert", string, number]>([
    ["say", "reader", 403],
    ["say", "other", 404],
    ["alert", "reader", 403],
    ["alert", "all", 409],
  ])("%s, by %s: %i", async (run, as, status) => {
    expect(await cancel(ids[run], as)).toMatchObject({ status });
  });
});
