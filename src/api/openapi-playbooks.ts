/** Pushed repositories, as OpenAPI describes them. */
import * as z from "zod";
import { answer, body, inPath, refused } from "./openapi-parts.ts";
import { rollbackSchema } from "./rollback.ts";

const version = z.object({
  sha256: z.string(),
  bytes: z.int(),
  apiVersion: z.int().describe("The major version of the actions' API that it was made for"),
  packageVersion: z.string().optional(),
  pushedAt: z.number().describe("Milliseconds since the epoch"),
  by: z.string(),
});

const repository = z.object({
  name: z.string(),
  revision: z.int().describe("Counts its moves"),
  live: version.optional().describe("Absent where it was deleted"),
  history: z.array(version).describe("The versions before, newest first; the last 20"),
});

const shown = repository.extend({
  serves: z.boolean().describe("Whether it is part of what serves"),
  actions: z.array(z.object({ name: z.string(), description: z.string() })).optional(),
});

const moved = repository.extend({ generation: z.string().describe("What serves now") });

export const playbookSchemas = {
  Repositories: z.object({ playbooks: z.array(repository) }),
  Repository: shown,
  Moved: moved,
  Rollback: rollbackSchema,
};

const query = (name: string, description: string) => ({ name, in: "query", description, schema: { type: "string" } });
const bundle = { "text/javascript": { schema: { type: "string" } } };
const live = answer("It is live, and serves", "Moved");

export const playbookPaths = {
  "/api/playbooks": {
    get: {
      operationId: "listPlaybooks",
      summary: "What is pushed",
      responses: { 200: answer("Every repository that is live", "Repositories"), ...refused(401, 403, 503) },
    },
  },
  "/api/playbooks/{name}": {
    parameters: [inPath("name", "The repository's name")],
    get: {
      operationId: "showPlaybooks",
      summary: "The versions of a repository",
      responses: { 200: answer("The repository", "Repository"), ...refused(401, 403, 404, 503) },
    },
    put: {
      operationId: "pushPlaybooks",
      summary: "Make a bundle live",
      description: "It is loaded for a trial before it is live: what does not load changes nothing.",
      parameters: [query("version", "Of its package.json")],
      requestBody: { required: true, content: bundle },
      responses: { 200: live, ...refused(400, 401, 403, 409, 413, 422, 503) },
    },
    delete: {
      operationId: "deletePlaybooks",
      summary: "Make no version live any more",
      responses: { 200: live, ...refused(401, 403, 404, 409, 422, 503) },
    },
  },
  "/api/playbooks/{name}/bundle": {
    parameters: [inPath("name", "The repository's name")],
    get: {
      operationId: "pullPlaybooks",
      summary: "A bundle",
      parameters: [query("sha256", "Of which version; default: the live one")],
      responses: { 200: { description: "The bundle", content: bundle }, ...refused(401, 403, 404, 503) },
    },
  },
  "/api/playbooks/{name}/rollback": {
    parameters: [inPath("name", "The repository's name")],
    post: {
      operationId: "rollBackPlaybooks",
      summary: "Make an earlier version live again",
      requestBody: { content: body("Rollback") },
      responses: { 200: live, ...refused(400, 401, 403, 404, 409, 422, 503) },
    },
  },
};
