/** Robusta's own way to run an action, answered as its callers expect, with statuses that say the same. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InlineApp, startInlineApp } from "../helpers/inline-app.ts";

const actions = {
  "own.ts": `import { action, ExecutionBaseEvent, KubernetesResourceEvent, markdown, PodChangeEvent, PodEvent } from "cortado";
import * as z from "zod";

export const greet = action({
  name: "greet",
  on: PodEvent,
  effects: "read",
  params: z.strictObject({ word: z.string() }),
  async run(event, { word }) {
    const pod = await event.getPod();
    event.addEnrichment([markdown(word + " " + pod?.metadata.name)]);
  },
});
export const look = action({
  name: "look",
  on: KubernetesResourceEvent,
  effects: "read",
  async run(event) {
    const { kind, metadata } = (await event.getResource()) ?? {};
    event.addEnrichment([markdown(kind + " " + metadata?.name)]);
  },
});
export const own = action({
  name: "own",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({ name: z.string(), namespace: z.string() }),
  run: (event, { name, namespace }) => event.addEnrichment([markdown(namespace + "/" + name)]),
});
export const fail = action({
  name: "fail",
  on: ExecutionBaseEvent,
  effects: "read",
  run: () => {
    throw new Error("the disk is full");
  },
});
export const compare = action({ name: "compare", on: PodChangeEvent, run: () => {} });
export const kept = action({ name: "kept", on: ExecutionBaseEvent, run: () => {} });
`,
};

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace: "shop" },
  spec: { containers: [{ name: "api", image: "api:1" }] },
};

const token = (name: string, scopes: readonly string[]) => ({
  name,
  sha256: createHash("sha256").update(name).digest("hex"),
  scopes,
});
const configuration = {
  lightActions: ["greet", "look", "own", "fail", "compare"],
  auth: { tokens: [token("all", ["invoke:**"]), token("few", ["invoke:look"])] },
};

let inline: InlineApp;
beforeAll(async () => {
  inline = await startInlineApp({ configuration, actions, objects: [pod] });
});
afterAll(() => inline.close());

const trigger = (body: unknown, as = "all") => inline.request("POST", "/api/trigger", { as, body });
const where = { name: "api-1", namespace: "shop" };

describe("a trigger is answered with what was found", () => {
  it.each([
    ["on a pod", { action_name: "greet", action_params: { word: "hi", ...where } }, "hi api-1"],
    ["on any kind", { action_name: "look", action_params: { kind: "pod", ...where } }, "Pod api-1"],
    ["with params that are called like a target", { action_name: "own", action_params: where }, "shop/api-1"],
  ])("%s", async (_, body, said) => {
    const answer = await trigger({ ...body, sync_response: true, account_id: "of Robusta's own" });
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(JSON.stringify(answer.body.findings)).toContain(said);
  });

  it("only where it asks for it", async () => {
    const { body } = await trigger({ action_name: "own", action_params: where });
    expect(body).toEqual({ success: true, run: expect.any(String) });
  });

  it.each<[string, object, number]>([
    ["the default ones", {}, 1],
    ["those that it names", { sinks: ["file"] }, 1],
    ["those that its params name", { action_params: { ...where, named_sinks: ["file"] } }, 1],
    ["none", { no_sinks: true, sinks: ["file"] }, 0],
  ])("and told to sinks: %s", async (_, more, told) => {
    const { body } = await trigger({ action_name: "own", action_params: where, ...more });
    const run = await inline.request("GET", `/api/runs/${body.run}`, { as: "all" });
    expect(run.body.sinks).toHaveLength(told);
  });
});

describe("what goes wrong has Robusta's code, and a status of its own", () => {
  it.each<[string, unknown, number, number | undefined, string]>([
    ["no such action", { action_name: "greeet" }, 404, 4603, "There is no action `greeet`; did you mean `greet`?"],
    [
      "an event of two versions",
      { action_name: "compare", action_params: where },
      422,
      4604,
      "compare takes a PodChangeEvent",
    ],
    ["no target", { action_name: "greet", action_params: { word: "a" } }, 422, 4605, "The target needs its `name`."],
    ["no params", { action_name: "greet", action_params: null }, 422, 4605, "The target needs its `name`."],
    ["no kind", { action_name: "look", action_params: where }, 422, 4605, "The target needs its `kind`"],
    ["params", { action_name: "greet", action_params: where }, 422, 4602, "greet needs `word`, a string."],
    ["not among lightActions", { action_name: "kept" }, 403, 4607, "it is not among `lightActions`"],
    ["an action that fails", { action_name: "fail" }, 500, 4700, "the disk is full"],
    ["no action", {}, 400, undefined, "The request needs `action_name`, a string."],
    ["no JSON", "{", 400, undefined, "the body is not JSON"],
  ])("%s", async (_, body, status, code, msg) => {
    expect(await trigger(body)).toMatchObject({
      status,
      body: { success: false, msg: expect.stringContaining(msg), ...(code === undefined ? {} : { error_code: code }) },
    });
  });

  it.each([
    ["few", 403, 4505],
    ["nobody", 401, 4505],
  ])("%s may not", async (as, status, error_code) => {
    expect(await trigger({ action_name: "own", action_params: where }, as)).toMatchObject({
      status,
      body: { success: false, error_code },
    });
  });
});

it("lightActions hold for the API, too, and are told where actions are listed", async () => {
  const refused = await inline.request("POST", "/api/actions/kept", { as: "all" });
  expect(refused).toMatchObject({ status: 403, body: { detail: expect.stringContaining("`lightActions`") } });
  const { body } = await inline.request("GET", "/api/actions", { as: "few" });
  expect(body.actions).toContainEqual(
    expect.objectContaining({ name: "kept", byHand: false, whyNot: expect.stringContaining("`lightActions`") }),
  );
  expect(body.actions).toContainEqual(expect.objectContaining({ name: "own", byHand: true }));
});
