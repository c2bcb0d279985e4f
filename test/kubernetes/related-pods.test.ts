import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/kubernetes/objects.ts";
import { relatedPods } from "../../src/kubernetes/related-pods.ts";
import { fakeCluster } from "../../src/testing.ts";
import podOom from "../fixtures/objects/pod-oom-loop.json" with { type: "json" };
import workload from "../fixtures/objects/workload-web.json" with { type: "json" };

const [deployment, replicaSet] = workload;
const webPods = ["web-77dcbd4994-dnv8c", "web-77dcbd4994-l24ld"];
const owned = (name: string, kind: string, uid: string, labels: Record<string, string>) => ({
  kind: "Pod",
  metadata: { name, labels, ownerReferences: [{ apiVersion: "apps/v1", kind, name: "x", uid, controller: true }] },
});

describe("the pods of an object", () => {
  const stranger = owned("stranger", "ReplicaSet", "another", { app: "web" });
  const cluster = fakeCluster({ objects: [...workload, podOom, stranger] });

  it.each([
    ["a Deployment", deployment, webPods],
    ["a ReplicaSet", replicaSet, webPods],
    ["a Node", { kind: "Node", metadata: { name: "node-1" } }, ["oom-loop", "stranger", ...webPods]],
    ["a Pod", podOom, ["oom-loop"]],
    ["a Service without a selector", { kind: "Service", metadata: { name: "web" } }, []],
    ["a ConfigMap", { kind: "ConfigMap", metadata: { name: "web" } }, []],
  ])("of %s: those that are its own, whatever else has their labels", async (_, object, names) => {
    if (object === undefined) throw new Error("the fixture has changed");
    expect((await relatedPods(cluster, object)).map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it.each([
    [{ matchLabels: { app: "db", tier: "a" } }, ["one"]],
    [{ matchExpressions: [{ key: "tier", operator: "In", values: ["a", "b"] }] }, ["one", "two"]],
    [{ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["a"] }] }, ["three", "two"]],
    [{ matchLabels: { app: "db" }, matchExpressions: [{ key: "tier", operator: "Exists" }] }, ["one", "two"]],
    [{ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, ["three"]],
    [undefined, ["one", "three", "two"]],
  ])("selected by %j", async (selector, names) => {
    const metadata = { name: "db", namespace: "shop", uid: "db" };
    const objects = [
      owned("one", "StatefulSet", "db", { app: "db", tier: "a" }),
      owned("two", "StatefulSet", "db", { app: "db", tier: "b" }),
      owned("three", "StatefulSet", "db", { app: "db" }),
    ];
    const set = { kind: "StatefulSet", metadata, spec: { selector } };
    const pods = await relatedPods(fakeCluster({ objects }), set);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(names);
  });
});

describe("the pods of what has them through another", () => {
  const namespace = "shop";
  const metadata = { name: "api", namespace };
  const rollouts = "argoproj.io/v1alpha1";
  const labels = { app: "api" };
  const selector = { matchLabels: labels };
  const target = (apiVersion: string, kind: string, name = "api") => ({
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: { scaleTargetRef: { apiVersion, kind, name } },
  });
  const volumes = (name: string, volume: object) => ({
    kind: "Pod",
    metadata: { name },
    spec: { containers: [], volumes: [{ name: "data", ...volume }] },
  });
  const controlled = (kind: string, name: string, by: string, uid: string) => ({
    ...owned(name, by, uid, labels),
    kind,
  });
  const job = (name: string, uid: string) => ({ ...controlled("Job", name, "CronJob", uid) });
  const cluster = fakeCluster({
    objects: [
      { apiVersion: rollouts, kind: "Rollout", metadata: { ...metadata, uid: "rollout" }, spec: { selector } },
      controlled("ReplicaSet", "api-7d", "Rollout", "rollout"),
      owned("api-7d-1", "ReplicaSet", "uid-of-replicaset-api-7d", labels),
      owned("bare", "Set", "another", labels),
      { kind: "StatefulSet", metadata: { ...metadata, name: "db" }, spec: { selector } },
      owned("db-0", "StatefulSet", "uid-of-statefulset-db", labels),
      job("nightly-1", "nightly"),
      job("weekly-1", "weekly"),
      owned("nightly-1-a", "Job", "uid-of-job-nightly-1", { "job-name": "nightly-1" }),
      owned("weekly-1-a", "Job", "uid-of-job-weekly-1", { "job-name": "weekly-1" }),
      volumes("claims", { persistentVolumeClaim: { claimName: "claims-data" } }),
      volumes("makes", { ephemeral: { volumeClaimTemplate: {} } }),
      volumes("empty", { emptyDir: {} }),
    ],
  });
  const claim = (name: string) => ({ kind: "PersistentVolumeClaim", metadata: { name, namespace } });
  const cron = (name: string) => ({ kind: "CronJob", metadata: { name, namespace, uid: name } });
  const custom = (uid: string, spec: object) => ({
    apiVersion: rollouts,
    kind: "Rollout",
    metadata: { ...metadata, uid },
    spec,
  });

  it.each<[string, KubernetesObject & Readonly<Record<string, unknown>>, readonly string[], readonly string[]]>([
    ["an autoscaler of a StatefulSet", target("apps/v1", "StatefulSet", "db"), ["db-0"], ["statefulsets.apps", "pods"]],
    [
      "an autoscaler of a Rollout",
      target(rollouts, "Rollout"),
      ["api-7d-1"],
      ["rollouts.argoproj.io", "replicasets.apps", "pods"],
    ],
    ["an autoscaler of what is gone", target("apps/v1", "StatefulSet", "gone"), [], ["statefulsets.apps"]],
    [
      "an autoscaler of itself",
      target("autoscaling/v2", "HorizontalPodAutoscaler"),
      [],
      ["horizontalpodautoscalers.autoscaling"],
    ],
    ["a custom workload", custom("rollout", { selector }), ["api-7d-1"], ["replicasets.apps", "pods"]],
    ["a custom workload of pods", custom("another", { selector }), ["bare"], ["replicasets.apps", "pods"]],
    ["a custom resource without a selector", custom("rollout", {}), [], []],
    ["a custom resource with a selector of its own", custom("rollout", { selector: "app=api" }), [], []],
    ["a CronJob", cron("nightly"), ["nightly-1-a"], ["jobs.batch", "pods"]],
    ["a CronJob that has not run", cron("yearly"), [], ["jobs.batch"]],
    ["a Service", { kind: "Service", metadata, spec: { selector: labels } }, ["api-7d-1", "bare", "db-0"], ["pods"]],
    [
      "a disruption budget",
      { kind: "PodDisruptionBudget", metadata, spec: { selector } },
      ["api-7d-1", "bare", "db-0"],
      ["pods"],
    ],
    ["a claim", claim("claims-data"), ["claims"], ["pods"]],
    ["a claim of an ephemeral volume", claim("makes-data"), ["makes"], ["pods"]],
  ])("of %s", async (_, object, names, resources) => {
    const calls = cluster.calls.length;
    expect((await relatedPods(cluster, object)).map(({ metadata }) => metadata.name)).toEqual(names);
    expect(cluster.calls.slice(calls).map(({ resource }) => resource)).toEqual(resources);
  });
});
