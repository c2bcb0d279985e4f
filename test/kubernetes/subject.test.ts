import { describe, expect, it } from "vitest";
import type { OwnerReference } from "../../src/kubernetes/objects.ts";
import { subjectOf } from "../../src/kubernetes/subject.ts";
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };

const owned = (
  labels: Record<string, string>,
  ...owners: readonly (readonly [kind: string, name: string, controller: boolean])[]
) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web-1",
    namespace: "shop",
    labels,
    ownerReferences: owners.map(
      ([kind, name, controller]): OwnerReference => ({ apiVersion: "apps/v1", kind, name, controller, uid: name }),
    ),
  },
});

const hash = { "pod-template-hash": "7d9f" };

describe("the workload of a pod", () => {
  it.each([
    ["of a deployment", owned(hash, ["ReplicaSet", "web-7d9f", true]), "deployment/web"],
    ["of a deployment, as recorded", podCrash, "deployment/crash"],
    ["of a replica set without a deployment", owned({}, ["ReplicaSet", "web-7d9f", true]), "replicaset/web-7d9f"],
    ["of another's replica set", owned(hash, ["ReplicaSet", "web-8e0a", true]), "replicaset/web-8e0a"],
    [
      "of a Rollout of Argo",
      owned({ "rollouts-pod-template-hash": "7d9f" }, ["ReplicaSet", "web-7d9f", true]),
      "rollout/web",
    ],
    ["of a custom workload", owned({}, ["StrimziPodSet", "kafka", true]), "strimzipodset/kafka"],
    ["of a stateful set", owned({}, ["StatefulSet", "db", true]), "statefulset/db"],
    ["of a job", owned({}, ["Job", "backup-1", true]), "job/backup-1"],
    ["that something refers to and does not control", owned(hash, ["ReplicaSet", "web-7d9f", false]), undefined],
    ["of nobody", owned(hash), undefined],
  ])("%s", (_, object, workload) => {
    expect(subjectOf("Pod", object).workload).toBe(workload);
  });
});
