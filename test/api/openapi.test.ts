/** The API's description and its page: valid by somebody else's validator, complete, and true of what is answered. */
import { createHash } from "node:crypto";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod";
import { actionsAnswer, problemAnswer, runAnswer, runsAnswer } from "../../src/api/answer-schemas.ts";
import { openApiDocument } from "../../src/api/openapi.ts";
import { addPlaybooks } from "../../src/api/playbooks.ts";
import { triggerAnswer } from "../../src/api/trigger.ts";
import { factsOf } from "../../src/playbooks/action-facts.ts";
import { vocabulary } from "../../src/services/generation.ts";
import { type InlineApp, startInlineApp } from "../helpers/inline-app.ts";

const actions = {
  "own.ts": `import { action, ExecutionBaseEvent, markdown } from "cortado";
import * as z from "zod";
type Tree = { readonly name: string; readonly below?: readonly Tree[] };
const tree: z.ZodType<Tree> = z.lazy(() => z.strictObject({ name: z.string(), below: z.array(tree).optional() }));
export const grow = action({
  name: "grow",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({ tree: tree.optional() }),
  run: (event) => event.addEnrichment([markdown("grown")]),
});
`,
};
const sha256 = createHash("sha256").update("reader").digest("hex");
const configuration = { auth: { tokens: [{ name: "reader", sha256, scopes: ["read", "invoke:*"] }] } };

let inline: InlineApp;
beforeAll(async () => {
  inline = await startInlineApp({ configuration, actions });
});
afterAll(() => inline.close());

const describeAs = async (as?: string) =>
  (await inline.request("GET", "/openapi.json", as === undefined ? {} : { as })).body;
const namesIn = (document: unknown) =>
  Object.keys((document as { components: { schemas: object } }).components.schemas);

describe("/openapi.json", () => {
  it("is valid, with the params of every built-in action", async () => {
    const { builtinActions } = await vocabulary();
    const document = openApiDocument(
      builtinActions.map((action) => factsOf(action, {})),
      { pushing: true },
    );
    expect(namesIn(document)).toContain("params.logs_enricher");
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  });

  it("is valid with actions of a repository, whose schemas refer to themselves", async () => {
    const document = await describeAs("reader");
    expect(namesIn(document)).toContain("params.grow");
    expect(JSON.stringify(document)).toContain("#/components/schemas/params.grow/$defs/");
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.resolveRefs()).toBeDefined();
  });

  it("refers to nothing that is not there", async () => {
    const document = await describeAs("reader");
    const known = new Set(namesIn(document));
    const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"/]+)/g)].map(
      ([, name]) => name,
    );
    expect(referred.length).toBeGreaterThan(10);
    expect(referred.filter((name) => !known.has(name ?? ""))).toEqual([]);
  });

  it("names no action to who may not know them", async () => {
    expect(namesIn(await describeAs())).not.toContain("params.grow");
    expect((await inline.request("GET", "/openapi.json", { as: "nobody" })).status).toBe(200);
  });

  it.each([
    ["inline", false],
    ["on a server", true],
  ])("has every URL of the API %s, and no other", (_, pushing) => {
    const { paths } = openApiDocument([], { pushing }) as { paths: Readonly<Record<string, object>> };
    const described = Object.entries(paths).flatMap(([at, methods]) =>
      Object.keys(methods).flatMap((method) =>
        method === "parameters" ? [] : [`${method.toUpperCase()} ${at.replaceAll(/\{(\w+)\}/g, ":$1")}`],
      ),
    );
    const others = /alert|handle|webhooks|docs/;
    const app = new Hono();
    // The routes alone are asked for: none of them is called.
    if (pushing) addPlaybooks(app, {} as Parameters<typeof addPlaybooks>[1]);
    const served = [...inline.app.routes, ...app.routes]
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !others.test(route));
    expect(described.sort()).toEqual([...new Set(served)].sort());
  });
});

describe("what is answered is what is described", () => {
  it.each<[string, string, string, unknown, z.ZodObject]>([
    ["actions", "GET", "/api/actions", undefined, actionsAnswer],
    ["a run by hand", "POST", "/api/actions/grow", { params: { tree: { name: "a" } } }, runAnswer],
    ["runs", "GET", "/api/runs", undefined, runsAnswer],
    ["a problem", "POST", "/api/actions/grow", { params: { tree: { nam: "a" } } }, problemAnswer],
    ["a trigger", "POST", "/api/trigger", { action_name: "grow", sync_response: true }, triggerAnswer],
    ["a trigger's problem", "POST", "/api/trigger", { action_name: "glow" }, triggerAnswer],
  ])("%s", async (_, method, path, body, schema) => {
    const answer = await inline.request(method, path, { as: "reader", ...(body === undefined ? {} : { body }) });
    expect(schema.strict().safeParse(answer.body)).toMatchObject({ success: true });
  });
});

describe("/docs", () => {
  const load = async () => {
    const response = await inline.app.request("/docs");
    return { response, html: await response.text() };
  };

  it("is one page that asks nobody but this server", async () => {
    const { response, html } = await load();
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(html).not.toMatch(/https?:\/\//);
    expect(html.length).toBeLessThan(30_000);
  });

  it("has a policy that lets its own script and style run, and nothing else", async () => {
    const { response, html } = await load();
    const policy = response.headers.get("content-security-policy") ?? "";
    for (const tag of ["script", "style"]) {
      const inner = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? "";
      expect(policy).toContain(`${tag}-src 'sha256-${createHash("sha256").update(inner).digest("base64")}'`);
    }
    expect(policy).toContain("default-src 'none'");
  });

  it("labels what is typed into", async () => {
    const { html } = await load();
    const inputs = [...html.matchAll(/<input id="([\w-]+)"/g)].map(([, id]) => id);
    expect(inputs).toEqual(["token", "search"]);
    expect(inputs.filter((id) => !html.includes(`<label for="${id}">`))).toEqual([]);
    expect(html).toContain('<html lang="en">');
  });
});
