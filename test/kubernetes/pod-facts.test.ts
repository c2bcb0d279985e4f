/** What a pod's JSON tells, but not in one place; and names. */
import { describe, expect, it } from "vitest";
import {
  controllerOf,
  findPod,
  hasToleration,
  imagesOf,
  isPodReady,
  type KubernetesObject,
  podLimit,
  podRequest,
  toKubernetesName,
} from "../../src/index.ts";
import { fakeCluster } from "../../src/testing.ts";
import podCrash from "../fixtures/objects/pod-crash.json" with { type: "json" };

const cluster = fakeCluster();
const pod = (json: object) => cluster.adopt("Pod", { metadata: { name: "web" }, ...json });
const containers = [{ image: "web:1" }, { image: "sidecar:2" }, { image: "web:1" }];
const withTemplate = { template: { spec: { containers } } };

describe("imagesOf", () => {
  it.each<[string, object, string[]]>([
    ["a pod", { spec: { containers, initContainers: [{ image: "setup:3" }] } }, ["web:1", "sidecar:2", "setup:3"]],
    ["a workload", { spec: withTemplate }, ["web:1", "sidecar:2"]],
    ["a cron job", { spec: { jobTemplate: { spec: withTemplate } } }, ["web:1", "sidecar:2"]],
    ["a service", { spec: { ports: [] } }, []],
    ["a config map", { data: {} }, []],
    ["a recorded pod", podCrash, podCrash.spec.containers.map(({ image }) => image)],
  ])("of %s", (_, json, images) => {
    const object: KubernetesObject = { metadata: { name: "x" }, ...json };
    expect(imagesOf(object)).toEqual(images);
  });
});

describe("what a pod may use", () => {
  const resources = (requests?: object, limits?: object) => ({
    resources: { ...(requests && { requests }), ...(limits && { limits }) },
  });
  const limited = pod({
    spec: {
      containers: [
        resources({ cpu: "100m" }, { cpu: "1" }),
        resources({ cpu: "150m", memory: "1Gi" }, { cpu: "500m" }),
      ],
      initContainers: [resources({ memory: "2Gi" }), { ...resources({ cpu: "1" }), restartPolicy: "Always" }],
      overhead: { cpu: "50m" },
    },
  });

  it("podRequest is what the scheduler counts", () => {
    expect(podRequest(limited, "cpu")).toBeCloseTo(1.3);
    expect(podRequest(limited, "memory")).toBe(2 * 1024 ** 3);
    expect(podRequest(pod({}), "cpu")).toBe(0);
  });

  it("podLimit is undefined where one container has none", () => {
    expect(podLimit(limited, "cpu")).toBe(1.5);
    expect(podLimit(limited, "memory")).toBeUndefined();
  });
});

it.each([
  [{}, false],
  [{ spec: { tolerations: [{ key: "gpu", operator: "Exists" }] } }, true],
  [{ spec: { tolerations: [{ key: "disk", operator: "Exists" }] } }, false],
  [{ spec: { tolerations: [{ operator: "Exists" }] } }, true],
])("hasToleration of %o: %s", (json, has) => {
  expect(hasToleration(pod(json), "gpu")).toBe(has);
});

it.each([
  [{}, false],
  [{ status: { conditions: [{ type: "Ready", status: "False" }] } }, false],
  [{ status: { conditions: [{ type: "Ready", status: "True" }] } }, true],
])("isPodReady of %o: %s", (json, ready) => {
  expect(isPodReady(pod(json))).toBe(ready);
});

it("controllerOf is the owner that controls, of several", () => {
  const reference = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "1", controller: true };
  const other = { apiVersion: "v1", kind: "ConfigMap", name: "web", uid: "2" };
  expect(controllerOf(pod({ metadata: { name: "web", ownerReferences: [other, reference] } }))).toEqual(reference);
  expect(controllerOf(pod({ metadata: { name: "web", ownerReferences: [other] } }))).toBeUndefined();
});

it("findPod is the first by name of those whose names begin so", async () => {
  const objects = ["web-b", "web-a", "api-a"].map((name) => ({ kind: "Pod", metadata: { name, namespace: "shop" } }));
  const shop = fakeCluster({ objects });
  expect((await findPod(shop, "shop", "web-"))?.metadata.name).toBe("web-a");
  expect(await findPod(shop, "shop", "db-")).toBeUndefined();
  expect(await findPod(shop, "other", "web-")).toBeUndefined();
});

describe("toKubernetesName", () => {
  it.each([
    ["web", /^web-[0-9a-f]{10}$/],
    ["Fix DB!", /^fix-db-[0-9a-f]{10}$/],
    ["-._", /^cortado-[0-9a-f]{10}$/],
    ["x".repeat(100), /^x{52}-[0-9a-f]{10}$/],
  ])("of %j", (text, pattern) => {
    expect(toKubernetesName(text)).toMatch(pattern);
    expect(toKubernetesName(text)).not.toBe(toKubernetesName(text));
  });

  it("is the same again for a key", () => {
    expect(toKubernetesName("fix", "run 1")).toBe(toKubernetesName("fix", "run 1"));
    expect(toKubernetesName("fix", "run 1")).not.toBe(toKubernetesName("fix", "run 2"));
  });
});
