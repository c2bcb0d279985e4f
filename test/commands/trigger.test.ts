/** `cortado trigger` and `cortado runs`, as processes, against a real server. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnsweringServer } from "../helpers/answering-server.ts";
import { runCli } from "../helpers/cli-process.ts";
import { startTestServer, type TestServer } from "../helpers/test-server.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace: "shop" },
  spec: { containers: [{ name: "api", image: "api:1" }] },
};
const hpa = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "shop" },
  spec: { minReplicas: 1, maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
};

const actions = {
  "greet.ts": `import { action, ExecutionBaseEvent, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const greet = action({
  name: "greet",
  on: PodEvent,
  effects: "read",
  params: z.strictObject({
    word: z.string(),
    times: z.int().default(1),
    who: z.strictObject({ names: z.array(z.string()), loud: z.boolean().default(false) }).optional(),
  }),
  async run(event, { word, times, who }) {
    const pod = await event.getPod();
    event.addEnrichment([markdown(JSON.stringify({ said: word.repeat(times), who, pod: pod?.metadata.name }))]);
  },
});

export const fail = action({
  name: "fail",
  on: ExecutionBaseEvent,
  run: () => {
    throw new Error("it is broken");
  },
});

export const wait = action({
  name: "wait",
  on: ExecutionBaseEvent,
  run: () => new Promise((resolve) => setTimeout(resolve, 1_500)),
});
`,
};

const token = "a-token-that-may-do-everything";
const invoker = "a-token-that-may-greet";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    actions,
    objects: [pod, hpa],
    configuration: {
      auth: {
        tokens: [
          { name: "ada", sha256: sha256(token), scopes: ["read", "invoke:**"] },
          { name: "greeter", sha256: sha256(invoker), scopes: ["invoke:greet"] },
        ],
      },
    },
  });
});
afterAll(() => server.close());

async function cortado(...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  return await cortadoAs(token, ...args);
}

async function cortadoAs(secret: string, ...args: readonly string[]) {
  const env = { ...process.env, CORTADO_URL: server.url, CORTADO_TOKEN: secret };
  const { exit, out } = runCli(args, { env });
  return { code: await exit, out: out() };
}

const onPod = ["--target", "pod/shop/api-1"];

describe("cortado trigger", { timeout: 60_000 }, () => {
  it("runs an action with typed params, prints what it found as a terminal's reader wants it, and ends with 0", async () => {
    const given = ["word=a=b ", "times=2", "who.names[]=x", "who.loud=true"];
    const { code, out } = await cortado("trigger", "greet", ...given, ...onPod);
    expect(out).toContain('{"said":"a=b a=b ","who":{"names":["x"],"loud":true},"pod":"api-1"}');
    expect(out).toContain("INFO  greet on Pod shop/api-1");
    expect(out).toMatch(/^[0-9A-Z]{26}: done, \d+ms$/m);
    expect(code).toBe(0);
  });

  it("prints the answer as JSON", async () => {
    const { code, out } = await cortado("trigger", "greet", "word=hi", ...onPod, "--no-sinks", "--json");
    expect(JSON.parse(out)).toMatchObject({ state: "done", invocation: { caller: "ada" }, sinks: [] });
    expect(code).toBe(0);
  });

  it("tells the sinks that it names", async () => {
    const { out } = await cortado("trigger", "greet", "word=hi", ...onPod, "--sinks", "slack,nobody");
    expect(out).toContain("There is no sink called `nobody`");
  });

  it("dry runs: prints what would be done, and does nothing", async () => {
    const target = ["--target", "horizontalpodautoscaler/shop/web"];
    const { code, out } = await cortado("trigger", "scale_hpa_callback", "max_replicas=9", ...target, "--dry-run");
    expect(out).toContain("Would have been done:\n  patch  horizontalpodautoscalers.autoscaling shop web");
    expect(out).toContain("- spec.maxReplicas: 5\n    + spec.maxReplicas: 9");
    expect(out).toMatch(/: done \(dry run\), \d+ms$/m);
    expect(code).toBe(0);
    expect(server.cluster.objects.get("HorizontalPodAutoscaler", "web", "shop")?.spec).toMatchObject({
      maxReplicas: 5,
    });
  });

  it("ends with 1 and every problem where it is refused", async () => {
    const { code, out } = await cortado("trigger", "greet", "wort=1", "times=many", "--target", "pood/shop/api-1");
    for (const problem of [
      "`wort`",
      "`word`",
      "params.times",
      "There is no kind `pood` that Cortado knows; did you mean `pod`?",
    ])
      expect(out).toContain(problem);
    expect(out).not.toContain("    at ");
    expect(code).toBe(1);
  });

  it.each<[string, readonly string[], string]>([
    ["an action that is not there", ["greeet"], "There is no action `greeet`; did you mean `greet`?"],
    ["params that are none", ["greet", "word"], "word is no param: give key=value"],
    ["a target that is none", ["greet", "--target", "api-1"], "--target api-1 is not of the form kind/namespace/name"],
    ["a wrong token", ["greet", "--token", "wrong"], "give --token or CORTADO_TOKEN"],
  ])("ends with 1 and a sentence for %s", async (_, args, sentence) => {
    const { code, out } = await cortado("trigger", ...args);
    expect(out).toContain(sentence);
    expect(code).toBe(1);
  });

  it("ends with 1 and a sentence for a server that is not there", async () => {
    const { url, close } = await startAnsweringServer(() => ({}));
    await close();
    const { code, out } = await cortado("trigger", "greet", "--url", url);
    expect(out).toContain(`${url} does not answer: ECONNREFUSED; is it \`cortado serve\`?`);
    expect(code).toBe(1);
  });

  it("ends with 1 where the action failed, with its reason", async () => {
    const { code, out } = await cortado("trigger", "fail");
    expect(out).toContain("fail failed: it is broken");
    expect(code).toBe(1);
  });

  it("ends with 2 where it is told not to wait, and the run can be asked for", async () => {
    const { code, out } = await cortado("trigger", "wait", "--wait", "0");
    const [, run = ""] = /^(\w+): (?:queued|running) still; ask with `cortado runs \1`$/m.exec(out) ?? [];
    expect([code, run.length]).toEqual([2, 26]);
    await server.idle();
    expect((await cortado("runs", run)).out).toContain(`${run}: done, `);
  });

  it("needs no more than the right to run it", async () => {
    const { code, out } = await cortadoAs(invoker, "trigger", "greet", "word=hi", "times=2", ...onPod);
    expect(out).toContain('"said":"hihi"');
    expect(code).toBe(0);
    expect(await cortadoAs(invoker, "trigger", "fail")).toMatchObject({ code: 1 });
  });
});

describe("cortado runs", { timeout: 60_000 }, () => {
  it("lists the latest first, and shows one with what ran and what did not", async () => {
    await cortado("trigger", "greet", "word=listed", ...onPod);
    const { code, out } = await cortado("runs", "--limit", "1", "--state", "done");
    const [run = "", ...rest] = out.split(/\s{2,}/);
    expect(rest.slice(1, 3)).toEqual(["done", "~greet"]);
    expect(out).toMatch(/^.* {2}greet on Pod shop\/api-1, by ada\n\nMore with --before '\S+'\n$/);
    expect(code).toBe(0);
    const shown = await cortado("runs", run);
    expect(shown.out).toContain("greet on Pod shop/api-1, by ada, on default");
    expect(shown.out).toMatch(/^ {2}greet done, \d+ ms$/m);
    expect(shown.out).toContain("sink slack: posted");
    expect(shown.out).toContain('"said":"listed"');
  });

  it("says so of one that is not there", async () => {
    const { code, out } = await cortado("runs", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    expect(out).toContain('There is no run "01ARZ3NDEKTSV4RRFFQ69G5FAV"');
    expect(code).toBe(1);
  });
});
