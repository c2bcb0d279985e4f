/** From an object to what owns it, custom workloads included. */
import { describe, expect, it } from "vitest";
import { type FakeClusterOptions, fakeCluster, type ObjectInput } from "../../src/testing.ts";

const ref = (apiVersion: string, kind: string, name: string, uid = `uid-of-${kind.toLowerCase()}-${name}`) => ({
  metadata: { name: "x", ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] },
});
const owned = (kind: string, name: string, by: ReturnType<typeof ref>) => ({
  kind,
  metadata: { ...by.metadata, name, namespace: "shop" },
});

const objects = [
  { kind: "Deployment", metadata: { name: "web" } },
  owned("ReplicaSet", "web-7d", ref("apps/v1", "Deployment", "web")),
  owned("Pod", "web-7d-1", ref("apps/v1", "ReplicaSet", "web-7d")),
  owned("ReplicaSet", "api-7d", ref("argoproj.io/v1alpha1", "Rollout", "api")),
  owned("Pod", "api-7d-1", ref("apps/v1", "ReplicaSet", "api-7d")),
  owned("Pod", "kafka-0", ref("core.strimzi.io/v1", "StrimziPodSet", "kafka")),
  owned("Pod", "again", ref("apps/v1", "ReplicaSet", "web-7d", "another")),
  owned("Pod", "lookalike", ref("example.com/v1", "Deployment", "web")),
  { kind: "CronJob", metadata: { name: "nightly" } },
  owned("Job", "nightly-1", ref("batch/v1", "CronJob", "nightly")),
  owned("Pod", "nightly-1-x", ref("batch/v1", "Job", "nightly-1")),
  { kind: "Pod", metadata: { name: "alone" } },
];

it.each([
  ["web-7d-1", ["apps/v1 ReplicaSet web-7d", "apps/v1 Deployment web"]],
  ["api-7d-1", ["apps/v1 ReplicaSet api-7d", "argoproj.io/v1alpha1 Rollout api"]],
  ["kafka-0", ["core.strimzi.io/v1 StrimziPodSet kafka"]],
  ["nightly-1-x", ["batch/v1 Job nightly-1", "batch/v1 CronJob nightly"]],
  ["lookalike", ["example.com/v1 Deployment web"]],
  ["again", []],
  ["alone", []],
])("the owners of the pod %s are %o", async (name, expected) => {
  const pod = await fakeCluster({ objects }).get("Pod", name, "shop");
  const owners = (await pod?.owners()) ?? [];
  expect(owners.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)).toEqual(expected);
  expect(owners.every(({ metadata }) => metadata.namespace === "shop" && metadata.uid !== undefined)).toBe(true);
});

describe("the owners beyond a custom workload", () => {
  const rollouts = "argoproj.io/v1alpha1";
  const application = { apiVersion: "app.k8s.io/v1beta1", kind: "Application", metadata: { name: "all" } };
  const rollout = owned("Rollout", "api", ref(application.apiVersion, "Application", "all"));
  const pod = "api-7d-1";
  const walk = async (more: readonly ObjectInput[], refuse: FakeClusterOptions["refuse"] = () => undefined) => {
    const cluster = fakeCluster({ objects: [...objects, ...more], refuse });
    const owners = await (await cluster.get("Pod", pod, "shop"))?.owners();
    const names = owners?.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    return { names, calls: cluster.calls.slice(1).map(({ resource, name }) => `${resource} ${name}`) };
  };
  const existing = { ...rollout, apiVersion: rollouts };
  const other = { ...existing, metadata: { ...existing.metadata, name: "another" } };
  const remade = { ...existing, metadata: { ...existing.metadata, uid: "another" } };
  const reads = ["replicasets.apps api-7d", "rollouts.argoproj.io api", "applications.app.k8s.io all"];

  it.each<[string, readonly ObjectInput[], string[], number]>([
    ["are read, up to the last", [existing, application], ["ReplicaSet api-7d", "Rollout api", "Application all"], 3],
    ["end where nothing tells of it", [existing], ["ReplicaSet api-7d", "Rollout api", "Application all"], 3],
    ["end with its reference where its kind is not served", [], ["ReplicaSet api-7d", "Rollout api"], 2],
    ["end before it where it is gone", [other], ["ReplicaSet api-7d"], 2],
    ["end before it where it was made anew", [remade], ["ReplicaSet api-7d"], 2],
  ])("%s", async (_, more, names, calls) => {
    expect(await walk(more)).toEqual({ names, calls: reads.slice(0, calls) });
  });

  it.each([403, 0, 503])("end with its reference where the cluster says %i", async (code) => {
    const { names } = await walk([existing, application], ({ resource }) =>
      resource.startsWith("rollouts") ? { code } : undefined,
    );
    expect(names).toEqual(["ReplicaSet api-7d", "Rollout api"]);
  });
});
