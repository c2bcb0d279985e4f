/** What callers of the API are told, with everything behind it but the queue. */
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signatureHeader, signatureOf } from "../../src/auth/signature.ts";
import { type InlineApp, type RequestOptions, startInlineApp } from "../helpers/inline-app.ts";

const actions = {
  "own.ts": `import { action, ExecutionBaseEvent, KubernetesResourceEvent, markdown, PodChangeEvent, PodEvent } from "cortado";
import * as z from "zod";

export const greet = action({
  name: "greet",
  description: "Says something about a pod",
  on: PodEvent,
  effects: "read",
  params: z.strictObject({ word: z.string(), times: z.int().min(1).default(1), who: z.string() }),
  async run(event, { word, times, who }) {
    const pod = await event.getPod();
    event.addEnrichment([markdown([word.repeat(times), who, pod?.metadata.name].join(" "))]);
  },
});

let counted = 0;
export const count = action({
  name: "count",
  on: ExecutionBaseEvent,
  effects: "read",
  run: (event) => event.addEnrichment([markdown("counted " + ++counted)]),
});

export const look = action({ name: "look", on: KubernetesResourceEvent, effects: "read", run: () => {} });
export const change = action({ name: "change_it", on: ExecutionBaseEvent, run: () => {} });
export const destroy = action({ name: "destroy_it", on: PodEvent, effects: "destroy", run: () => {} });
export const compare = action({ name: "compare", on: PodChangeEvent, run: () => {} });
export const fail = action({
  name: "fail",
  on: ExecutionBaseEvent,
  effects: "read",
  run: () => {
    throw new Error("the disk is full");
  },
});
`,
};

const pod = (namespace: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace },
  spec: { containers: [{ name: "api", image: "api:1" }] },
});

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const token = (name: string, limits: object) => ({ name, sha256: sha256(name), ...limits });
const signingKey = "a key of 32 characters that two share";

const configuration = {
  clusterName: "shop-cluster",
  clusters: [{ name: "bank" }],
  globalConfig: { who: "dear" },
  auth: {
    tokens: [
      token("all", { scopes: ["read", "invoke:**"] }),
      token("any", { scopes: ["invoke:*"] }),
      token("greeter", { scopes: ["invoke:gr*t"], namespaces: ["shop"] }),
      token("elsewhere", { scopes: ["invoke:*"], clusters: ["bank"] }),
      token("reader", { scopes: ["read"] }),
      token("shop-reader", { scopes: ["read"], namespaces: ["shop"] }),
      token("sender", { scopes: ["ingest"] }),
    ],
    signers: [{ name: "ci", key: signingKey, scopes: ["invoke:count"] }],
  },
};

let inline: InlineApp;
beforeAll(async () => {
  inline = await startInlineApp({ configuration, actions, objects: [pod("shop"), pod("web")] });
});
afterAll(() => inline.close());

const run = (action: string, body: unknown, options: RequestOptions = {}) =>
  inline.request("POST", `/api/actions/${action}`, { as: "all", body, ...options });
const target = { kind: "Pod", namespace: "shop", name: "api-1" };

describe("an action by hand", () => {
  it("is answered with what it found, and its run can be asked for", async () => {
    const { status, headers, body } = await run("greet", { params: { word: "hi" }, target });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        state: "done",
        cluster: "shop-cluster",
        invocation: { action: "greet", caller: "all", target },
        steps: [{ playbook: "~greet", action: "greet", state: "done" }],
        sinks: [{ sink: "file", part: "default", outcome: "posted" }],
        notes: [],
      },
    });
    expect(JSON.stringify(body.findings)).toContain("hi dear api-1");
    expect(headers.get("location")).toBe(body.url);
    expect(await inline.request("GET", String(body.url), { as: "all" })).toMatchObject({ status: 200, body });
  });

  it.each([
    { kind: "pods", name: "api-1", namespace: "shop" },
    { kind: "POD", name: "api-1", namespace: "shop", cluster: "shop-cluster" },
  ])("takes kinds as users write them: $kind", async (written) => {
    expect(await run("look", { target: written })).toMatchObject({ status: 200, body: { invocation: { target } } });
  });

  it("that fails says so", async () => {
    expect(await run("fail", {})).toMatchObject({
      status: 200,
      body: { state: "failed", steps: [{ state: "failed", reason: "the disk is full" }] },
    });
  });

  it("as a dry run says what it would do, and to whom it would be told", async () => {
    const dryRun = { dryRun: true, sinks: ["file"] };
    expect(await run("delete_pod", { target, ...dryRun })).toMatchObject({
      status: 200,
      body: {
        state: "done",
        dryRun: true,
        effects: [{ verb: "delete", resource: "pods", namespace: "shop", name: "api-1" }],
        sinks: [{ sink: "file", outcome: "skipped", reason: "a dry run; it would have been told" }],
      },
    });
    expect(await run("delete_pod", { target, ...dryRun }, { as: "greeter" })).toMatchObject({ status: 403 });
  });

  it("needs no body", async () => {
    expect(await run("count", undefined)).toMatchObject({ status: 200, body: { state: "done" } });
  });
});

describe("what cannot be run is refused with every problem at once", () => {
  it.each<[string, string, unknown, readonly [path: string, message: string][]]>([
    [
      "params",
      "greet",
      { params: { wort: "a", times: 0 }, target, sinks: ["slakc", "file"] },
      [
        ["sinks[0]", "There is no sink called `slakc` in sinksConfig."],
        ["params.word", "greet needs `word`, a string."],
        ["params.times", "`times` of greet: too small: expected number to be >=1."],
        ["params.wort", "greet has no `wort`; did you mean `word`?"],
      ],
    ],
    [
      "the request itself, with params",
      "greet",
      { param: {}, target: { kind: "pod", nam: "a" } },
      [
        ["target.nam", "`target` of the request has no `nam`; did you mean `name`?"],
        ["param", "The request has no `param`; did you mean `params`?"],
        ["params.word", "greet needs `word`, a string."],
      ],
    ],
    ["no target", "greet", { params: { word: "a" } }, [["target", "greet needs a target: Pod."]]],
    [
      "half a target",
      "greet",
      { params: { word: "a" }, target: { name: "a" } },
      [["target.kind", "The target needs its `kind`, for instance `pod`."]],
    ],
    [
      "an unknown kind",
      "look",
      { target: { kind: "pood", name: "a" } },
      [["target.kind", "There is no kind `pood` that Cortado knows; did you mean `pod`?"]],
    ],
    [
      "an unknown cluster",
      "count",
      { target: { cluster: "bnk" } },
      [["target.cluster", "There is no cluster `bnk` in the configuration; did you mean `bank`?"]],
    ],
    [
      "another kind",
      "greet",
      { params: { word: "a" }, target: { kind: "node", name: "n" } },
      [["target.kind", "greet takes a PodEvent, and the target is a Node; it needs Pod."]],
    ],
    [
      "two versions",
      "compare",
      { target },
      [
        [
          "action",
          "compare takes a PodChangeEvent, which only what really happened can bring; it runs under a trigger.",
        ],
      ],
    ],
    ["no object", "count", ["a"], [["", "The request must be a map, not a list."]]],
  ])("%s", async (_, action, body, problems) => {
    const answer = await run(action, body);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer).toMatchObject({ status: 422, body: { title: "Unprocessable", status: 422 } });
    expect(answer.body.problems).toEqual(problems.map(([path, message]) => ({ path, message })));
  });

  it.each([
    ["an unknown action", "greeet", {}, 404, "There is no action `greeet`; did you mean `greet`?"],
    ["what is not JSON", "count", "{", 400, "the body is not JSON"],
    ["no name of a cluster", "count", { target: { cluster: "../x" } }, 403, '"../x" is not the name of a cluster'],
  ])("%s", async (_, action, body, status, detail) => {
    expect(await run(action, body)).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } });
  });
});

describe("who may run what", () => {
  const word = { params: { word: "hi" } };
  it.each<[string, string, string, unknown, number, string?]>([
    ["a scope for it", "greeter", "greet", { ...word, target }, 200],
    ["no scope for it", "greeter", "count", {}, 403, "greeter may not run count; it needs the scope `invoke:count`"],
    ["a scope to read", "reader", "count", {}, 403, "reader may not run count"],
    ["a scope to send", "sender", "count", {}, 403, "sender may not run count"],
    ["any action", "any", "change_it", {}, 200],
    [
      "any action, but one that destroys",
      "any",
      "destroy_it",
      { target },
      403,
      "as it destroys something, no `*` covers it",
    ],
    ["every action", "all", "destroy_it", { target }, 200],
    [
      "another namespace's object",
      "greeter",
      "greet",
      { ...word, target: { ...target, namespace: "web" } },
      403,
      "greeter is limited to shop, and api-1 is in web",
    ],
    ["no object at all", "greeter", "greet", word, 403, "greeter is limited to shop: give a target there"],
    ["its cluster", "elsewhere", "count", {}, 200],
    ["another cluster", "elsewhere", "count", { target: { cluster: "shop-cluster" } }, 403, "may not speak for"],
    ["no token that is known", "nobody", "count", {}, 401, "the token is not one of those in auth.tokens"],
  ])("%s", async (_, as, action, body, status, detail) => {
    const answer = await run(action, body, { as });
    expect(answer.status).toBe(status);
    if (detail !== undefined) expect(answer.body.detail).toContain(detail);
  });

  it("a signature, once", async () => {
    const signed = () => {
      const stamp = { t: String(Math.floor(Date.now() / 1_000)), nonce: randomUUID() };
      const v1 = signatureOf(signingKey, stamp, { method: "POST", path: "/api/actions/count", body: "{}" });
      return { [signatureHeader]: `key=ci,t=${stamp.t},nonce=${stamp.nonce},v1=${v1}` };
    };
    const request = (headers: Readonly<Record<string, string>>) =>
      inline.request("POST", "/api/actions/count", { body: "{}", headers });
    const recorded = signed();
    expect(await request(recorded)).toMatchObject({ status: 200, body: { invocation: { caller: "ci" } } });
    const replayed = await request(recorded);
    expect(replayed).toMatchObject({ status: 401, body: { detail: expect.stringContaining("used before") } });
    expect(await request(signed())).toMatchObject({ status: 200 });
  });
});

describe("Idempotency-Key", () => {
  const keyed = (key: string, body: unknown, as = "all", action = "count") =>
    run(action, body, { as, headers: { "idempotency-key": key } });

  it("gives the same request the same answer, and runs it once", async () => {
    const first = await keyed("k-1", {});
    const again = await keyed("k-1", {});
    expect(again).toMatchObject({ status: 200, body: first.body });
    const other = await keyed("k-2", {});
    expect(other.body.run).not.toBe(first.body.run);
    expect(JSON.stringify(other.body.findings)).not.toBe(JSON.stringify(first.body.findings));
  });

  it.each([
    ["another body", "all", "count", { sinks: [] }],
    ["another action", "all", "change_it", {}],
  ])("of %s is refused", async (_, as, action, body) => {
    await keyed("k-3", {});
    expect(await keyed("k-3", body, as, action)).toMatchObject({
      status: 422,
      body: { problems: [{ path: "Idempotency-Key", message: expect.stringContaining("use a new one") }] },
    });
  });

  it("is its caller's own", async () => {
    const first = await keyed("k-4", {});
    const other = await keyed("k-4", {}, "any");
    expect(other.body.run).not.toBe(first.body.run);
  });

  it("that cannot be one is refused", async () => {
    expect(await keyed("k ".repeat(5), {})).toMatchObject({ status: 400 });
  });

  it("is not used up by a request that is refused", async () => {
    expect(await keyed("k-5", { nothing: 1 })).toMatchObject({ status: 422 });
    expect(await keyed("k-5", {})).toMatchObject({ status: 200 });
  });
});
