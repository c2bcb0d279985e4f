/** Dry runs of actions that change something, through the real pipeline: nothing changes, nobody is told, and the record says what would be. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as builtin from "../../src/actions/all.ts";
import type { InvocationDelivery } from "../../src/delivery.ts";
import type { ApiObject } from "../../src/dev/embedded-cluster.ts";
import { kinds } from "../../src/kubernetes/kinds.ts";
import { neverByHand } from "../../src/playbooks/invocation.ts";
import type { RunRecord } from "../../src/playbooks/run-record.ts";
import type { Effect } from "../../src/trace.ts";
import { type AnsweringServer, startAnsweringServer } from "../helpers/answering-server.ts";
import { type InlineCortado, startInlineCortado } from "../helpers/inline-cortado.ts";

const inShop = (name: string) => ({ name, namespace: "shop" });
const containers = [{ name: "main", image: "api:1" }];
const objects: readonly ApiObject[] = [
  { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" }, spec: {} },
  { apiVersion: "v1", kind: "Pod", metadata: inShop("api-1"), spec: { nodeName: "node-1", containers } },
  { apiVersion: "v1", kind: "Pod", metadata: inShop("api-2"), spec: { nodeName: "node-1", containers } },
  { apiVersion: "v1", kind: "Secret", metadata: inShop("key"), data: { key: "b2xk" } },
  { apiVersion: "batch/v1", kind: "Job", metadata: inShop("report"), spec: { template: { spec: { containers } } } },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: inShop("api"),
    spec: { selector: { matchLabels: { app: "api" } }, template: { metadata: {}, spec: { containers } } },
  },
  {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: inShop("api"),
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api" } },
  },
];

const actions = {
  "own.ts": `import { action, ExecutionBaseEvent, markdown, PodEvent, runJob, waitFor } from "cortado";

export const everything = action({
  name: "everything",
  on: PodEvent,
  effects: "destroy",
  async run(event, _params, { clusterName, dryRun, rateLimiter, signal }) {
    const { cluster } = event;
    const allowed = await rateLimiter.markAndTest("everything", "a", 3600);
    const pod = await event.getPod();
    const said = await pod?.exec("rm -rf /");
    await cluster.create("Secret", { metadata: { name: "new", namespace: "shop" }, stringData: { word: "hidden" } });
    await cluster.patch("Secret", "key", "shop", { type: "merge", patch: { data: { key: "bmV3" } } });
    await cluster.delete("Pod", "api-2", "shop");
    const left = (await cluster.list("Pod", { namespace: "shop" })).map(({ metadata }) => metadata.name);
    event.addEnrichment([markdown(JSON.stringify({ dryRun, allowed, left, said: said?.output }))]);
    await waitFor("the moon", async () => undefined, { signal });
    event.addEnrichment([markdown("never said")]);
  },
});
`,
};

let cortado: InlineCortado;
let web: AnsweringServer;
let asked = 0;
beforeAll(async () => {
  web = await startAnsweringServer(() => {
    asked += 1;
    return {};
  });
  cortado = await startInlineCortado({ configuration: {}, actions, objects });
});
afterAll(async () => {
  await cortado.close();
  await web.close();
});

const everythingIn = () => Object.keys(kinds).map((kind) => cortado.cluster.objects.list(kind));

type Wish = Pick<InvocationDelivery, "action"> & Partial<InvocationDelivery>;

async function run(wish: Wish): Promise<RunRecord> {
  const invocation = cortado.invocation(wish);
  await cortado.send(invocation);
  const record = (await cortado.runs()).find(({ id }) => id === invocation.id);
  if (record === undefined) throw new Error("the run left no record");
  return record;
}

const node = { kind: "Node", name: "node-1" };
const on = (kind: string, name: string) => ({ kind, name, namespace: "shop" });
const pods = { resource: "pods", namespace: "shop" };
const patched: Partial<Effect> = { verb: "patch", resource: "nodes", name: "node-1" };
const job: Partial<Effect> = { verb: "create", resource: "jobs.batch" };
const notMade = /^in a dry run the job \S+ is not made/;

interface Row {
  readonly wish: Wish;
  readonly effects: readonly Partial<Effect>[];
  readonly reason?: RegExp;
}

const rows: Readonly<Record<string, () => Row>> = {
  cordon: () => ({
    wish: { action: "cordon", target: node },
    effects: [{ ...patched, changes: [{ path: "spec.unschedulable", after: true }] }],
  }),
  uncordon: () => ({ wish: { action: "uncordon", target: node }, effects: [] }),
  drain: () => ({
    wish: { action: "drain", target: node },
    effects: [patched, { verb: "evict", ...pods, name: "api-1" }, { verb: "evict", ...pods, name: "api-2" }],
  }),
  delete_pod: () => ({
    wish: { action: "delete_pod", target: on("Pod", "api-1") },
    effects: [{ verb: "delete", ...pods, name: "api-1" }],
  }),
  delete_job: () => ({
    wish: { action: "delete_job", target: on("Job", "report") },
    effects: [{ verb: "delete", resource: "jobs.batch", name: "report" }],
  }),
  rollout_restart: () => ({
    wish: { action: "rollout_restart", target: on("Deployment", "api") },
    effects: [{ verb: "patch", resource: "deployments.apps", name: "api" }],
  }),
  scale_hpa_callback: () => ({
    wish: {
      action: "scale_hpa_callback",
      target: on("HorizontalPodAutoscaler", "api"),
      params: { max_replicas: 9 },
    },
    effects: [
      {
        resource: "horizontalpodautoscalers.autoscaling",
        changes: [{ path: "spec.maxReplicas", before: 3, after: 9 }],
      },
    ],
  }),
  pod_ps: () => ({
    wish: { action: "pod_ps", target: on("Pod", "api-1") },
    effects: [{ verb: "exec", ...pods, name: "api-1" }],
  }),
  pod_dmesg_enricher: () => ({
    wish: { action: "pod_dmesg_enricher", target: on("Pod", "api-1") },
    effects: [job],
    reason: notMade,
  }),
  node_bash_enricher: () => ({
    wish: { action: "node_bash_enricher", target: node, params: { bash_command: "reboot" } },
    effects: [job],
    reason: notMade,
  }),
  node_dmesg_enricher: () => ({
    wish: { action: "node_dmesg_enricher", target: node },
    effects: [job],
    reason: notMade,
  }),
  http_post: () => ({ wish: { action: "http_post", params: { url: web.url } }, effects: [] }),
  http_put: () => ({ wish: { action: "http_put", params: { url: web.url } }, effects: [] }),
};

const changing = Object.values(builtin).filter(({ effects }) => effects !== "read");

describe("a dry run of a built-in action", () => {
  it("is tried here for each that changes something and can be run by hand", () => {
    const byHand = changing.filter((action) => neverByHand(action) === undefined).map(({ name }) => name);
    expect(Object.keys(rows).sort()).toEqual(byHand.sort());
  });

  it.each(Object.keys(rows))("%s changes nothing, and says what it would", async (name) => {
    const row = rows[name]?.();
    if (row === undefined) throw new Error("no such row");
    const before = everythingIn();
    const record = await run({ ...row.wish, dryRun: true });
    expect(everythingIn()).toEqual(before);
    expect(asked).toBe(0);
    expect(cortado.slack.messages).toEqual([]);
    expect(record).toMatchObject({ state: "done", dryRun: true, steps: [{ state: "done" }] });
    expect(record.effects).toMatchObject(row.effects);
    expect(record.effects).toHaveLength(row.effects.length);
    if (row.reason === undefined) expect(record.steps[0]?.reason).toBeUndefined();
    else expect(record.steps[0]?.reason).toMatch(row.reason);
  });
});

it("a dry run of a drain that a budget holds up says so at once", async () => {
  const spec = { minAvailable: 1, selector: { matchLabels: { app: "held" } } };
  const metadata = { ...inShop("held"), labels: { app: "held" } };
  const conditions = [{ type: "Ready", status: "True" }];
  const held: ApiObject = {
    ...{ apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: "node-1", containers } },
    status: { phase: "Running", conditions },
  };
  const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: inShop("held"), spec };
  for (const object of [held, budget]) cortado.cluster.objects.put(object);
  const record = await run({ action: "drain", target: node, dryRun: true });
  const reason = "in a dry run nobody waits for what may come";
  expect(record).toMatchObject({ state: "done", steps: [{ state: "done", reason }] });
  expect(JSON.stringify(record.findings)).toContain("a disruption budget does not let it go");
  cortado.cluster.objects.remove("PodDisruptionBudget", "held", "shop");
  cortado.cluster.objects.remove("Pod", "held", "shop");
});

describe("a dry run of somebody's action", () => {
  const wish = { action: "everything", target: on("Pod", "api-1"), dryRun: true };

  it("needs no help of it, and ends where it waits for what will not come", async () => {
    const before = everythingIn();
    const record = await run(wish);
    expect(everythingIn()).toEqual(before);
    expect(record.delivery.title).toBe("everything on Pod shop/api-1, by test (dry run)");
    expect(record.effects?.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      "exec api-1",
      "create new",
      "patch key",
      "delete api-2",
    ]);
    expect(record.steps[0]).toMatchObject({ state: "done", reason: "in a dry run nobody waits for the moon" });
    const said = JSON.stringify(record.findings);
    expect(said).toContain(
      JSON.stringify({ dryRun: true, allowed: true, left: ["api-1"], said: "" }).replaceAll('"', '\\"'),
    );
    expect(said).toContain("Action everything ended early: in a dry run nobody waits for the moon");
    expect(said).not.toContain("never said");
  });

  it("names the sinks that would be told, and tells none", async () => {
    const record = await run(wish);
    const reason = "a dry run; it would have been told";
    expect(record.sinks).toEqual([{ sink: "slack", part: "default", outcome: "skipped", reason }]);
    expect(cortado.slack.messages).toEqual([]);
  });

  it("marks no limit: the run that follows is allowed", async () => {
    await run(wish);
    const record = await run(wish);
    expect(JSON.stringify(record.findings)).toContain('allowed\\":true');
  });

  it("shows the values of no Secret", async () => {
    const { effects = [] } = await run(wish);
    expect(effects.find(({ verb }) => verb === "create")?.object).toMatchObject({ data: { word: "[redacted]" } });
    const changes = [{ path: "data.key", before: "[redacted: another value]", after: "[redacted]" }];
    expect(effects.find(({ verb }) => verb === "patch")?.changes).toEqual(changes);
  });

  it("is refused what the run would be refused", async () => {
    const record = await run({ ...wish, namespaces: ["web"] });
    expect(record).toMatchObject({ state: "failed", effects: [], steps: [{ state: "failed" }] });
  });
});
