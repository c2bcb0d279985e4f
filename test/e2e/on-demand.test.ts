/** Actions that somebody runs over HTTP, on a real server: with its queue, its worker thread, and the time that things take. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LEDGER_TIMINGS } from "../../src/state/ledger-timings.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace: "shop" },
  spec: { containers: [{ name: "api", image: "api:1" }] },
};

const actions = {
  "own.ts": `import { action, ExecutionBaseEvent, markdown, PodEvent } from "cortado";
import { access } from "node:fs/promises";
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

const untilThere = async (file: string, signal: AbortSignal) => {
  for (;;) {
    signal.throwIfAborted();
    if (await access(file).then(() => true, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

let begun = 0;
export const wait = action({
  name: "wait",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({ file: z.string() }),
  async run(event, { file }, { signal }) {
    begun += 1;
    await untilThere(file, signal);
    event.addEnrichment([markdown("begun " + begun + " times")]);
  },
});
export const change = action({
  name: "change_it",
  on: ExecutionBaseEvent,
  params: z.strictObject({ file: z.string() }),
  run: (event, { file }, { signal }) => untilThere(file, signal),
});
export const block = action({ name: "block", on: ExecutionBaseEvent, params: z.strictObject({ word: z.string() }), run: () => {} });
`,
};

let server: TestServer;
beforeAll(async () => {
  const leaseTimings = { ...LEDGER_TIMINGS, renewEvery: 20 };
  server = await startTestServer({ configuration: {}, actions, objects: [pod], settings: { leaseTimings } });
});
afterAll(() => server.close());

type Headers = Readonly<Record<string, string>>;
const post = (at: string, body: object = {}, headers: Headers = {}) =>
  server.post(JSON.stringify(body), { path: at, headers });
const run = (action: string, body: object, headers: Headers = {}) => post(`/api/actions/${action}`, body, headers);
const get = async (at: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await (await fetch(`${server.url}${at}`)).text());
const untilState = (at: unknown, state: string) =>
  vi.waitFor(async () => expect(await get(String(at))).toMatchObject({ state }), { timeout: 30_000, interval: 10 });

/** A file that an action waits for: there once it is opened. */
let gates = 0;
function gate() {
  gates += 1;
  const file = path.join(server.folder, `gate-${gates}`);
  return { file, open: () => writeFile(file, "") };
}

const async = { prefer: "respond-async" };
const target = { kind: "pods", namespace: "shop", name: "api-1" };

describe("an action by hand", () => {
  it("is answered with what it found", async () => {
    const { status, body, headers } = await run("greet", { params: { word: "hi ", times: "2" }, target });
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
    expect(await get(headers.get("location") ?? "")).toEqual(body);
  });

  it("is refused with every problem, told by the thread that knows the action", async () => {
    expect(await run("greet", { params: { wort: 1 }, sinks: ["slakc"] })).toMatchObject({
      status: 422,
      body: { problems: [{ path: "target" }, { path: "sinks[0]" }, { path: "params.word" }, { path: "params.wort" }] },
    });
  });

  it("that is not to be waited for is answered at once, and its run tells the rest", async () => {
    const { file, open } = gate();
    const { status, headers, body } = await run("wait", { params: { file } }, async);
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { state: expect.stringMatching(/^(?:queued|running)$/) },
    });
    expect(headers.get("preference-applied")).toBe("respond-async");
    expect(headers.get("location")).toBe(body.url);
    await untilState(body.url, "running");
    await open();
    await untilState(body.url, "done");
  });

  it("that takes longer than the caller waits goes on", async () => {
    const { file, open } = gate();
    const { status, body } = await run("change_it", { params: { file } }, { prefer: "wait=0" });
    expect(status).toBe(202);
    await open();
    await untilState(body.url, "done");
  });

  it("runs once, however often the same request comes at once", async () => {
    const { file, open } = gate();
    const same = () => run("wait", { params: { file } }, { "idempotency-key": "one" });
    const answers = Promise.all([same(), same(), same()]);
    await open();
    const bodies = (await answers).map(({ status, body }) => ({ status, run: body.run, findings: body.findings }));
    expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);
    expect(bodies[0]).toMatchObject({ status: 200 });
    expect(server.trace.filter(({ type, delivery }) => type === "step" && delivery.id === bodies[0]?.run)).toHaveLength(
      1,
    );
  });
});

describe("a run is cancelled", () => {
  it.each(["wait", "change_it"])("while %s goes on, which is told", async (action) => {
    const { body } = await run(action, { params: { file: gate().file } }, async);
    await untilState(body.url, "running");
    expect(await post(`${body.url}/cancel`)).toMatchObject({ status: 202 });
    await untilState(body.url, "cancelled");
    expect(await get(String(body.url))).toMatchObject({
      steps: [{ action, state: "failed", reason: "it was cancelled" }],
    });
    expect(await post(`${body.url}/cancel`)).toMatchObject({
      status: 409,
      body: { detail: "the run has ended: cancelled" },
    });
  });

  it("before it has begun, and never begins", async () => {
    const { file, open } = gate();
    // As many as the one thread takes at once.
    const busy = await Promise.all(Array.from({ length: 8 }, () => run("wait", { params: { file } }, async)));
    await Promise.all(busy.map(({ body }) => untilState(body.url, "running")));
    const waiting = await run("greet", { params: { word: "hi" }, target }, async);
    expect(waiting).toMatchObject({ status: 202, body: { state: "queued" } });
    expect(await get("/api/runs?state=queued")).toMatchObject({ runs: [{ run: waiting.body.run }] });
    expect(await post(`${waiting.body.url}/cancel`)).toMatchObject({ status: 200, body: { state: "cancelled" } });
    await open();
    await server.idle();
    expect(await get(String(waiting.body.url))).toMatchObject({
      state: "cancelled",
      steps: [],
      notes: ["It was cancelled before it had begun."],
    });
    expect(server.trace.filter(({ type, delivery }) => type === "step" && delivery.id === waiting.body.run)).toEqual(
      [],
    );
  });
});

it.each<[string, string, object, object]>([
  ["an action", "nothing", {}, { status: 404, reason: expect.stringContaining("There is no action") }],
  [
    "a cluster",
    "greet",
    { target: { cluster: "../x" } },
    { status: 403, reason: expect.stringContaining("not the name") },
  ],
  ["params", "greet", { target, params: { wort: 1 } }, { status: 422, target: "Pod shop/api-1", cluster: "default" }],
])("what is refused for %s is logged", async (_, action, body, logged) => {
  await run(action, body);
  const line = server
    .logged()
    .split("\n")
    .findLast((one) => one.includes("an invocation was refused"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({ principal: "somebody on this machine", action, ...logged });
});

it("what is refused is logged with its caller, without what it was given, and counted", async () => {
  await run("block", { params: { word: 5, wort: "hunter2-of-production" } });
  const line = server
    .logged()
    .split("\n")
    .findLast((one) => one.includes("an invocation was refused"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    principal: "somebody on this machine",
    action: "block",
    status: 422,
    reason: "params.wort",
  });
  expect(server.logged()).not.toContain("hunter2-of-production");
  expect(await server.metrics()).toMatch(/cortado_invocations_refused_total\{status="422"\} \d+/);
});

it("what somebody has run is kept: who, what, on which object, with which result", async () => {
  const records = (await server.runs()).filter(({ invocation }) => invocation?.action === "greet");
  expect(records).toContainEqual(
    expect.objectContaining({
      state: "done",
      invocation: { action: "greet", caller: "somebody on this machine", target: { ...target, kind: "Pod" } },
    }),
  );
});

it("a caller that waits when the server ends is sent to the run, which is worked to its end", async () => {
  const { file, open } = gate();
  const answer = run("wait", { params: { file } });
  await vi.waitFor(async () => expect(await server.metrics()).toContain("\ncortado_queue_in_work 1\n"));
  const closed = server.closeServer();
  const { status, body } = await answer;
  expect({ status, state: body.state }).toEqual({ status: 202, state: "running" });
  await open();
  await closed;
  expect(server.trace.filter(({ delivery }) => delivery.id === body.run).map(({ type }) => type)).toContain("ended");
});
