/** From an object to what owns it, custom workloads included. */
import { expect, it } from "vitest";
import { fakeCluster } from "../../src/testing.ts";

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

it("of a kind that is not known, nothing is asked", async () => {
  const cluster = fakeCluster({ objects });
  const pod = await cluster.get("Pod", "kafka-0", "shop");
  await pod?.owners();
  expect(cluster.calls.map(({ resource }) => resource)).toEqual(["pods"]);
});
