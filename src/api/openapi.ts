/** The API as OpenAPI 3.1 describes it, from the schemas that read requests. https://spec.openapis.org/oas/v3.1.1.html */
import type * as z from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { signatureHeader } from "../auth/signature.ts";
import type { ActionFacts } from "../playbooks/action-facts.ts";
import { actionAnswer, actionsAnswer, problemAnswer, runAnswer, runsAnswer } from "./answer-schemas.ts";
import { answer, body, type Data, inHeader, inPath, location, refusals, refused, schemaOf } from "./openapi-parts.ts";
import { playbookPaths, playbookSchemas } from "./openapi-playbooks.ts";
import { longestWaitSeconds } from "./prefer.ts";
import { listQuery } from "./runs.ts";
import { triggerAnswer, triggerSchema } from "./trigger.ts";
import { wishSchema } from "./wish.ts";

/** `actions`: those whose params are described; none for who may not know them. `pushing`: whether repositories can be pushed here. */
export function openApiDocument(actions: readonly ActionFacts[], { pushing }: { readonly pushing: boolean }): Data {
  return {
    openapi: "3.1.1",
    info: {
      title: "Cortado",
      version: packageJson.version,
      description: "Actions run by hand, and what became of them.",
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { basic: [] }, { signature: [] }],
    paths: { ...paths, ...(pushing ? playbookPaths : {}) },
    components: {
      schemas: { ...own(pushing), ...paramsOf(actions) },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A token of auth.tokens" },
        basic: { type: "http", scheme: "basic", description: "With a token of auth.tokens as the password" },
        signature: { type: "apiKey", in: "header", name: signatureHeader, description: "By a key of auth.signers" },
      },
    },
  };
}

const inQuery = (schema: z.ZodObject) =>
  Object.entries(schema.shape).map(([name, of]) => {
    const { description, ...rest } = schemaOf(of);
    return { name, in: "query", description, schema: rest };
  });

const action = inPath("name", "The action's name");
const run = inPath("id", "The run, a ulid");

const paths = {
  "/api/actions": {
    get: {
      operationId: "listActions",
      summary: "What there is to run",
      responses: { 200: answer("Every action", "Actions"), ...refused(401, 403) },
    },
  },
  "/api/actions/{name}": {
    parameters: [action],
    get: {
      operationId: "showAction",
      summary: "One action, with the schema of its params",
      responses: { 200: answer("The action", "Action"), ...refused(401, 403, 404) },
    },
    post: {
      operationId: "runAction",
      summary: "Run an action now",
      description: `Waits for its end for up to ${longestWaitSeconds} s. The schema of an action's \`params\` is the component \`params.<action>\`.`,
      parameters: [
        inHeader("Prefer", "`respond-async`: do not wait; `wait=5`: for no more than 5 s"),
        inHeader("Idempotency-Key", "The same request with the same key, within a day, is the same run"),
      ],
      requestBody: { content: body("Wish") },
      responses: {
        200: answer("It has ended", "Run", location),
        202: answer("It has not ended yet", "Run", location),
        ...refused(400, 401, 403, 404, 413, 422, 503),
      },
    },
  },
  "/api/runs": {
    get: {
      operationId: "listRuns",
      summary: "What became of runs, newest first",
      parameters: inQuery(listQuery),
      responses: { 200: answer("Runs", "Runs"), ...refused(401, 403, 422, 503) },
    },
  },
  "/api/runs/{id}": {
    parameters: [run],
    get: {
      operationId: "showRun",
      summary: "What became of a run",
      responses: { 200: answer("The run", "Run"), ...refused(401, 404, 503) },
    },
  },
  "/api/runs/{id}/cancel": {
    parameters: [run],
    post: {
      operationId: "cancelRun",
      summary: "Take a run back",
      responses: {
        200: answer("It had not begun, and will not", "Run"),
        202: answer("It was asked to stop", "Run"),
        ...refused(401, 403, 404, 409, 503),
      },
    },
  },
  "/api/trigger": {
    post: {
      operationId: "trigger",
      summary: "As Robusta has it",
      requestBody: { required: true, content: body("Trigger") },
      responses: {
        200: answer("It has ended", "Triggered"),
        202: answer("It has not ended yet", "Triggered", location),
        500: answer("The action failed", "Triggered"),
        ...Object.fromEntries(
          [400, 401, 403, 404, 413, 422, 503].map((status) => [status, answer(refusals[status] ?? "", "Triggered")]),
        ),
      },
    },
  },
  "/openapi.json": {
    get: {
      operationId: "describe",
      summary: "This description; with a credential that may read it, with the params of every action",
      security: [],
      responses: { 200: { description: "OpenAPI", content: { "application/json": { schema: { type: "object" } } } } },
    },
  },
};

const own = (pushing: boolean) =>
  Object.fromEntries(
    Object.entries({
      Actions: actionsAnswer,
      Action: actionAnswer,
      Wish: wishSchema,
      Run: runAnswer,
      Runs: runsAnswer,
      Trigger: triggerSchema,
      Triggered: triggerAnswer,
      Problem: problemAnswer,
      ...(pushing ? playbookSchemas : {}),
    }).map(([name, schema]) => [name, within(name, schemaOf(schema))]),
  );

const paramsOf = (actions: readonly ActionFacts[]) =>
  Object.fromEntries(
    actions
      .filter(({ neverByHand }) => neverByHand === undefined)
      .map(({ name, params }) => [`params.${name}`, within(`params.${name}`, params)]),
  );

/** A schema that refers to parts of itself does so from where it stands. */
function within(name: string, schema: Data): Data {
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === "$ref" && typeof inner === "string" ? inner.replace(/^#/, `#/components/schemas/${name}`) : move(inner),
      ]),
    );
  };
  return Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, move(inner)]));
}
