/** Pods in trouble, as kubewatch tells of them, over hours: the real pipeline without a queue, on a real table, with a clock that is moved. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Accepted } from "../../src/pipeline.ts";
import { kubewatch } from "../../src/receivers/kubewatch.ts";
import failed from "../fixtures/objects/job-failed.json" with { type: "json" };
import crashing from "../fixtures/objects/pod-crash.json" with { type: "json" };
import { type InlineCortado, startInlineCortado } from "../helpers/inline-cortado.ts";

const crashLoop = (namespace_prefix: string, more: object = {}) => ({
  triggers: [{ on_pod_crash_loop: { restart_reason: "CrashLoopBackOff", namespace_prefix, ...more } }],
});
const report = (title: string) => [{ create_finding: { title, aggregation_key: title } }];

const configuration = {
  customPlaybooks: [
    { name: "quiet", ...crashLoop("silenced", { labels_selector: "quiet in (yes,true)" }), actions: [{ hush: {} }] },
    { name: "silenced", ...crashLoop("silenced"), actions: report("silenced") },
    { name: "shop", ...crashLoop("shop"), actions: report("shop") },
    { name: "late", ...crashLoop("late", { rate_limit: 0 }), actions: report("late") },
    { name: "job", triggers: [{ on_job_failure: {} }], actions: report("job") },
  ],
};

const actions = {
  "hush.ts": `import { action, PodEvent } from "cortado";
export const hush = action({ name: "hush", on: PodEvent, effects: "read", run: (event) => event.stopProcessing() });
`,
};

let cortado: InlineCortado;
beforeAll(async () => {
  cortado = await startInlineCortado({ configuration, actions });
});
afterAll(() => cortado.close());

const hours = (count: number) => count * 3_600_000;
let versions = 100;

interface Told {
  readonly namespace: string;
  /** The hash of the ReplicaSet, another for each rollout. */
  readonly rollout?: string;
  readonly uid?: string;
  readonly version?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A new version of a pod of the deployment `crash`. */
function podUpdate({ namespace, rollout = "5659b5c85d", uid = "1", version, labels = {} }: Told) {
  versions += 1;
  const [owner] = crashing.metadata.ownerReferences;
  const metadata = {
    ...crashing.metadata,
    namespace,
    uid: `${namespace}-${uid}`,
    resourceVersion: String(version ?? versions),
    labels: { ...crashing.metadata.labels, ...labels, "pod-template-hash": rollout },
    ownerReferences: [{ ...owner, name: `crash-${rollout}` }],
  };
  return handle({ operation: "update", kind: "Pod", apiVersion: "v1", obj: { ...crashing, metadata } });
}

const handle = (data: object): Promise<Accepted> => {
  // So that the records of runs are in the order of the runs.
  cortado.clock.advance(1_000);
  const context = { acceptedAt: cortado.clock.now(), clusterOf: () => "default" };
  const { deliveries } = kubewatch.parse({ data }, { ...context, relabel: [] });
  return cortado.send(...deliveries);
};

const countOf = async (name: string) =>
  (await cortado.runs()).filter(({ playbook, state }) => playbook === name && state === "done").length;
/** Why a playbook did not run for the delivery that was worked last. */
const whyNot = async (name: string) =>
  (await cortado.runs())[0]?.others?.find(({ playbook }) => playbook === name)?.reason;

describe("a rate limit", () => {
  it("tells a workload once in its time, over pods and rollouts, and says until when it holds others back", async () => {
    await podUpdate({ namespace: "shop" });
    const begin = cortado.clock.now();
    await podUpdate({ namespace: "shop", uid: "2" });
    await podUpdate({ namespace: "shop", uid: "3", rollout: "77dcbd4994" });
    expect(await countOf("shop")).toBe(1);
    expect(await whyNot("shop")).toBe(
      `the rate limit of on_pod_crash_loop for deployment shop/crash holds it back until ${new Date(begin + hours(4)).toISOString()}`,
    );
    cortado.clock.advance(hours(4));
    await podUpdate({ namespace: "shop", uid: "3", rollout: "77dcbd4994" });
    expect(await countOf("shop")).toBe(2);
  });

  it("gives a delivery that comes again the answer that it had", async () => {
    cortado.clock.advance(hours(4));
    cortado.failNextRecord();
    const again = () => podUpdate({ namespace: "shop", uid: "4", version: 9_000 });
    await expect(again()).rejects.toThrow("the table is away");
    await again();
    expect(await countOf("shop")).toBe(3);
    const messages = cortado.slack.messages.filter(({ text }) => text.includes("shop"));
    expect(messages).toHaveLength(3);
  });

  it("is not used up by what a playbook before it kept from running", async () => {
    await podUpdate({ namespace: "silenced", labels: { quiet: "yes" } });
    expect(await countOf("quiet")).toBe(1);
    expect(await countOf("silenced")).toBe(0);
    await podUpdate({ namespace: "silenced", uid: "2" });
    expect(await countOf("silenced")).toBe(1);
  });
});

it("a version that comes after a newer one tells nothing of the present", async () => {
  await podUpdate({ namespace: "late", version: 5_002 });
  await podUpdate({ namespace: "late", version: 5_001 });
  expect(await countOf("late")).toBe(1);
  expect(await whyNot("late")).toBe(
    "on_pod_crash_loop is about the present, and a newer version of the object has been worked",
  );
});

it("a job fails once, whether or not the version before is known", async () => {
  const job = { kind: "Job", apiVersion: "batch/v1" };
  const version = (resourceVersion: string) => ({ ...failed, metadata: { ...failed.metadata, resourceVersion } });
  const running = { ...failed, status: { active: 1 } };
  await handle({ ...job, operation: "update", obj: version("7001"), oldObj: running });
  await handle({ ...job, operation: "update", obj: version("7002") });
  expect(await countOf("job")).toBe(1);
  expect(await whyNot("job")).toMatch(/^on_job_failure fires once for job shop\/failing \(.+\), and it has$/);
  await handle({ ...job, operation: "update", obj: version("7003"), oldObj: failed });
  expect(await countOf("job")).toBe(1);
});
