/** Actions that somebody runs over HTTP, on a real server. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace: "shop" },
  spec: { containers: [{ name: "api", image: "api:1" }] },
};

const actions = {
  "greet.ts": `import { action, ExecutionBaseEvent, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const greet = action({
  name: "greet",
  on: PodEvent,
  effects: "read",
  params: z.strictObject({ word: z.string(), times: z.int().default(1) }),
  async run(event, { word, times }) {
    const pod = await event.getPod();
    event.addEnrichment([markdown([word.repeat(times), pod?.metadata.name].join(" "))]);
  },
});
`,
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ configuration: {}, actions, objects: [pod] });
});
afterAll(() => server.close());

const run = (action: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  server.post(JSON.stringify(body), { path: `/api/actions/${action}`, headers });
const target = { kind: "pods", namespace: "shop", name: "api-1" };

describe("an action by hand", () => {
  it("is answered with what it found", async () => {
    const { status, body } = await run("greet", { params: { word: "hi ", times: "2" }, target });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        state: "done",
        invocation: { action: "greet", caller: "somebody on this machine", target: { ...target, kind: "Pod" } },
        steps: [{ action: "greet", state: "done" }],
        notes: [],
      },
    });
    expect(JSON.stringify(body.findings)).toContain("hi hi  api-1");
  });
});
