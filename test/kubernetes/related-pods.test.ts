import { describe, expect, it } from "vitest";
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
    ["a Service", { kind: "Service", metadata: { name: "web" } }, []],
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
