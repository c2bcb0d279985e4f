/** Actions that somebody runs by hand, through the real pipeline: worked once, told to the sinks wished for, and kept for whoever asked. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InvocationDelivery } from "../../src/delivery.ts";
import type { RunRecord } from "../../src/playbooks/run-record.ts";
import { textOf } from "../helpers/fake-slack.ts";
import { type InlineCortado, startInlineCortado } from "../helpers/inline-cortado.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "api-1", namespace: "shop" },
  spec: { containers: [{ name: "api", image: "api:1" }] },
};
const target = { kind: "Pod", namespace: "shop", name: "api-1" };

const actions = {
  "greet.ts": `import { action, ExecutionBaseEvent, KubernetesAnyChangeEvent, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const greet = action({
  name: "greet",
  on: PodEvent,
  effects: "read",
  params: z.strictObject({ word: z.string(), times: z.int().default(1), who: z.string().optional() }),
  async run(event, { word, times, who }) {
    const pod = await event.getPod();
    event.addEnrichment([markdown([word.repeat(times), who, pod?.metadata.name].join(" "))]);
  },
});

let counted = 0;
export const count = action({
  name: "count",
  on: ExecutionBaseEvent,
  run: (event) => event.addEnrichment([markdown(String(++counted))]),
});

export const compare = action({ name: "compare", on: KubernetesAnyChangeEvent, run: () => {} });
`,
};

let cortado: InlineCortado;
beforeAll(async () => {
  const configuration = { globalConfig: { who: "dear" } };
  cortado = await startInlineCortado({ configuration, actions, objects: [pod] });
});
afterAll(() => cortado.close());

type Wish = Pick<InvocationDelivery, "action"> & Partial<InvocationDelivery>;

async function run(wish: Wish): Promise<RunRecord> {
  const invocation = cortado.invocation(wish);
  await cortado.send(invocation);
  const record = (await cortado.runs()).find(({ id }) => id === invocation.id);
  if (record === undefined) throw new Error("the run left no record");
  return record;
}

const textsOf = ({ findings = [] }: RunRecord) =>
  findings
    .flatMap(({ enrichments }) => enrichments.flatMap(({ blocks }) => blocks))
    .map((block) => JSON.stringify(block));

describe("an invocation", () => {
  it("is run on its target, with the params given and those of globalConfig", async () => {
    const record = await run({ action: "greet", target, params: { word: "hello ", times: "2" } });
    expect(record).toMatchObject({
      state: "done",
      invocation: { action: "greet", caller: "test", target },
      findings: [
        {
          title: "greet on Pod shop/api-1",
          source: "manual",
          subject: { kind: "pod", name: "api-1", namespace: "shop" },
        },
      ],
    });
    expect(textsOf(record).join()).toContain("hello hello  dear api-1");
  });

  it("is told to the default sinks, as any finding", () => {
    const message = cortado.slack.messages.find(({ text }) => text.includes("greet on Pod shop/api-1"));
    expect(message && textOf(message)).toContain("hello hello");
  });

  it("is told to the sinks it names, or to none, and kept for the caller in any case", async () => {
    const before = cortado.slack.messages.length;
    const record = await run({ action: "greet", target, params: { word: "psst" }, sinks: [] });
    expect(textsOf(record).join()).toContain("psst");
    await run({ action: "greet", target, params: { word: "filed" }, sinks: ["file"] });
    expect(cortado.slack.messages).toHaveLength(before);
    expect(JSON.stringify(await cortado.filed())).toContain("filed");
  });

  it("runs once, however often it is delivered", async () => {
    const invocation = cortado.invocation({ action: "count" });
    await cortado.send(invocation);
    expect(await cortado.send(invocation)).toMatchObject({ queued: 0, recognised: 1 });
    const records = (await cortado.runs()).filter(({ id }) => id === invocation.id);
    expect(records.map(textsOf)).toEqual([[JSON.stringify({ type: "markdown", text: "1" })]]);
  });

  it("of an object that is gone says so", async () => {
    const record = await run({ action: "greet", target: { ...target, name: "gone" }, params: { word: "hi" } });
    expect(record.notes).toEqual(["Pod shop/gone does not exist in the cluster."]);
    expect(textsOf(record).join()).toContain("hi dear ");
  });
});

it("an invocation limited to namespaces touches nothing elsewhere, whatever its params name", async () => {
  const read = { action: "fetch_resource_yaml", params: { kind: "pod", name: "api-1", namespace: "shop" } };
  expect(await run({ ...read, namespaces: ["shop"] })).toMatchObject({ state: "done" });
  const refused = await run({ ...read, namespaces: ["web"] });
  expect(refused).toMatchObject({ state: "failed", steps: [{ state: "failed" }] });
  expect(refused.steps[0]?.reason).toContain("limited to web, and get pods api-1 is in shop");
});

describe("an invocation that cannot be run says why in its record", () => {
  it.each<[string, Wish, string]>([
    ["no such action", { action: "greeet" }, "There is no action `greeet`; did you mean `greet`?"],
    [
      "params",
      { action: "greet", target, params: { wort: 1 } },
      "greet needs `word`, a string. greet has no `wort`; did you mean `word`?",
    ],
    ["no target", { action: "greet", params: { word: "a" } }, "greet needs a target: Pod."],
    [
      "another kind",
      { action: "greet", params: { word: "a" }, target: { kind: "Node", name: "n" } },
      "greet takes a PodEvent, and the target is a Node; it needs Pod.",
    ],
    [
      "no such kind",
      { action: "count", target: { kind: "Pood", name: "n" } },
      "There is no kind `Pood` that Cortado knows; did you mean `Pod`?",
    ],
    [
      "two versions",
      { action: "compare", target },
      "compare takes a KubernetesAnyChangeEvent, which only what really happened can bring; it runs under a trigger.",
    ],
    ["sinks", { action: "count", sinks: ["slakc"] }, "There is no sink called `slakc` in sinksConfig."],
  ])("%s", async (_, wish, reason) => {
    const record = await run(wish);
    expect(record).toMatchObject({ state: "not matched", others: [{ playbook: wish.action }] });
    expect(record.others?.[0]?.reason).toBe(reason);
  });
});
