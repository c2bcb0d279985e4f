/** The triggers on states of pods, jobs and Events, held against objects of a real cluster: what fires, why not, and what a limit counts for. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ChangeDelivery, Operation } from "../../src/delivery.ts";
import type { KubernetesObject } from "../../src/kubernetes/objects.ts";
import { completeEvent } from "../../src/receivers/complete-event.ts";
import { triggers } from "../../src/triggers/triggers.ts";
import { workloadKey, workloadKeyNamed } from "../../src/triggers/workload-key.ts";

const recorded = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/objects/${name}.json`, import.meta.url), "utf8"));
const pod = (name: string): KubernetesObject => recorded(`pod-${name}`);
const began = Date.parse("2026-11-22T15:17:37Z");

interface Given {
  readonly operation?: Operation;
  readonly oldObject?: KubernetesObject;
  /** Seconds after the recorded pods began. */
  readonly after?: number;
}

const change = (object: KubernetesObject, { operation = "update", oldObject, after = 300 }: Given = {}) => {
  const delivery: ChangeDelivery = {
    kind: "change",
    id: "1",
    key: "object#1",
    cluster: "shop",
    acceptedAt: began + after * 1_000,
    operation,
    object,
  };
  return oldObject === undefined ? delivery : { ...delivery, oldObject };
};

function match(name: string, delivery: ChangeDelivery, params: object = {}) {
  const found = triggers.find((trigger) => trigger.name === name);
  if (found === undefined) throw new Error(`no trigger ${name}`);
  return found.match(delivery as never, found.params.parse(params) as never);
}
const said = (...given: Parameters<typeof match>) => {
  const found = match(...given);
  return found.fires === false ? `${found.condition}: ${found.reason()}` : found.fires;
};

describe("on_pod_crash_loop", () => {
  it.each([
    ["crash", {}, true],
    ["crash", { restart_reason: "CrashLoopBackOff" }, true],
    ["crash", { restart_reason: "CrashLoop" }, true],
    ["initfail", { restart_reason: "CrashLoopBackOff" }, true],
    ["unhealthy", { restart_count: 3 }, true],
    ["imagepullbackoff", { restart_count: 0 }, true],
    [
      "crash",
      { restart_count: 3 },
      "restart_count: no container of the pod waits after 3 restarts or more: crash for CrashLoopBackOff after 2",
    ],
    [
      "crash",
      { restart_reason: "Error" },
      "restart_count: no container of the pod waits for Error after 2 restarts or more: crash for CrashLoopBackOff after 2",
    ],
    ["notready", {}, "restart_count: no container of the pod waits after 2 restarts or more: none waits"],
    [
      "crash",
      { namespace_prefix: "bank" },
      'namespace_prefix: the object\'s namespace is "shop", which does not start',
    ],
  ])("of the pod %s with %o: %s", (name, params, expected) => {
    const found = said("on_pod_crash_loop", change(pod(name)), params);
    if (typeof expected === "string") expect(found).toContain(expected);
    else expect(found).toBe(expected);
  });

  it.each(["create", "delete"] as const)("is not about the %s of a pod", (operation) => {
    expect(said("on_pod_crash_loop", change(pod("crash"), { operation }))).toBe(
      `operation: the object was ${operation}d, not updated`,
    );
  });
});

it.each([
  ["imagepullbackoff", {}, 120, true],
  ["imagepullbackoff", {}, 119, "fire_delay: the pod began 119 s ago, not yet 120"],
  ["imagepullbackoff", { fire_delay: 0 }, 0, true],
  ["crash", {}, 300, "state: no container of the pod waits for ImagePullBackOff"],
])("on_image_pull_backoff of the pod %s with %o after %d s: %s", (name, params, after, expected) => {
  expect(said("on_image_pull_backoff", change(pod(name), { after }), params)).toBe(expected);
});

const unkilled = "state: no container of the pod has just been terminated as OOMKilled";
it.each([
  ["on_pod_oom_killed", "oom-once", {}, true],
  ["on_pod_oom_killed", "oom-loop", {}, unkilled],
  ["on_pod_oom_killed", "crash", {}, unkilled],
  ["on_pod_oom_killed", "oom-once", { exclude: [{ name: "oom-o" }] }, "exclude: exclude names the pod oom-once"],
  ["on_pod_oom_killed", "oom-once", { exclude: [{ namespace: "shop" }] }, "exclude: exclude names the pod oom-once"],
  ["on_pod_oom_killed", "oom-once", { exclude: [{ namespace: "sho" }] }, true],
  ["on_pod_oom_killed", "oom-once", { exclude: [{ name: "oom", namespace: "bank" }] }, true],
  ["on_pod_oom_killed", "oom-once", { exclude: [{}] }, true],
  ["on_pod_oom_killed", "oom-once", { exclude: [{ name: "hog" }] }, true],
  ["on_container_oom_killed", "oom-once", {}, true],
  ["on_container_oom_killed", "oom-once", { exclude: [{ name: "oom" }] }, true],
  [
    "on_container_oom_killed",
    "oom-once",
    { exclude: [{ name: "hog" }] },
    "exclude: exclude names every container that was killed: hog",
  ],
])("%s, of the pod %s with %o: %s", (name, of, params, expected) => {
  expect(said(name, change(pod(of)), params)).toBe(expected);
});

it("on_pod_evicted goes by the pod's status", () => {
  const evicted = { ...pod("crash"), status: { phase: "Failed", reason: "Evicted" } };
  expect(said("on_pod_evicted", change(evicted))).toBe(true);
  expect(said("on_pod_evicted", change(pod("crash")))).toBe(
    "state: the reason in the pod's status is none, not Evicted",
  );
});

describe("on_job_failure", () => {
  const failed: KubernetesObject = recorded("job-failed");
  const running = { ...failed, status: { active: 1 } };
  const before = "state: the job had failed before this update";

  it.each<[string, ChangeDelivery, true | string]>([
    ["it fails", change(failed, { oldObject: running }), true],
    ["it fails, and nobody knows how it was before", change(failed), true],
    ["it had failed before", change(failed, { oldObject: failed }), before],
    ["it completes", change(recorded("job-complete"), { oldObject: running }), "state: the job has not failed"],
    ["it runs on", change(running), "state: the job has not failed"],
  ])("%s", (_, delivery, expected) => {
    expect(said("on_job_failure", delivery)).toBe(expected);
  });

  it("has a limit by which each job is told once, whatever is known of it", () => {
    const found = match("on_job_failure", change(failed));
    const { uid } = failed.metadata;
    expect(found).toMatchObject({ limit: { of: `job shop/failing (${uid})`, once: true } });
  });
});

describe("on_kubernetes_warning_event", () => {
  const event = (name: string): KubernetesObject =>
    completeEvent(recorded("events-warning").find((one: KubernetesObject) => one.metadata.name.startsWith(name)));
  const warning = event("nopull.");
  const normal = completeEvent(recorded("events-crash")[0]);

  it.each<[string, ChangeDelivery, object, true | string]>([
    ["", change(warning, { operation: "create" }), {}, true],
    ["", change(warning), {}, true],
    ["", change(warning), { operations: [] }, true],
    ["", change(warning), { operations: ["create"] }, "operation: the object was updated, not created"],
    ["_create", change(warning, { operation: "create" }), {}, true],
    ["_create", change(warning), {}, "operation: the object was updated, not created"],
    ["_update", change(warning), {}, true],
    ["_delete", change(warning, { operation: "delete" }), {}, true],
    ["", change(normal), {}, "type: the Event's type is Normal, not Warning"],
    ["", change(warning), { exclude: ["FAILED TO PULL"] }, 'exclude: exclude has "FAILED TO PULL"'],
    ["", change(warning), { include: ["failed"] }, true],
    ["", change(warning), { include: ["failed"], exclude: ["image"] }, 'exclude: exclude has "image"'],
    ["", change(pod("crash")), {}, 'kind: the object\'s kind is "Pod", not "Event"'],
  ])("%s, %#", (suffix, delivery, params, expected) => {
    expect(said(`on_kubernetes_warning_event${suffix}`, delivery, params)).toBe(expected);
  });

  it("says what include did not find", () => {
    expect(said("on_kubernetes_warning_event", change(warning), { include: ["disk"] })).toMatch(
      /^include: include has nothing of Failed: /,
    );
  });

  it("has a limit for each reason and workload", () => {
    expect(match("on_kubernetes_warning_event", change(warning))).toMatchObject({
      limit: { of: "Failed of pod shop/nopull", seconds: 3_600 },
    });
  });
});

it.each([
  ["on_pod_crash_loop", "crash", 14_400, "deployment shop/crash"],
  ["on_image_pull_backoff", "imagepullbackoff", 14_400, "pod shop/nopull"],
  ["on_pod_oom_killed", "oom-once", 3_600, "pod shop/oom-once"],
  ["on_container_oom_killed", "oom-once", 3_600, "pod shop/oom-once"],
])("%s tells the pod %s once in %d s for %s, and only what is so now", (name, of, seconds, workload) => {
  expect(match(name, change(pod(of)))).toMatchObject({ limit: { of: workload, seconds }, aboutNow: true });
});

it.each(["on_pod_crash_loop", "on_pod_evicted", "on_job_failure", "on_kubernetes_warning_event"])(
  "%s knows no change_filters, and does not stumble over what is no object of its kind",
  (name) => {
    const trigger = triggers.find((one) => one.name === name);
    expect(trigger?.params.safeParse({ change_filters: {} }).success).toBe(false);
    for (const kind of ["Pod", "Job", "Event"]) {
      for (const status of [undefined, null, 7, "x", [], { containerStatuses: 7, conditions: "x" }]) {
        const broken = { kind, metadata: { name: "a" }, status, involvedObject: status, type: status };
        expect(match(name, change(broken)).fires).toBe(false);
      }
    }
  },
);

const owned = (kind: string, owner: string, labels = {}) => ({
  kind: "Pod",
  metadata: {
    name: "some-pod",
    namespace: "shop",
    labels,
    ownerReferences: [{ apiVersion: "v1", kind, name: owner, uid: "1", controller: true }],
  },
});
it.each([
  [owned("ReplicaSet", "web-77dcbd4994", { "pod-template-hash": "77dcbd4994" }), "deployment shop/web"],
  [owned("ReplicaSet", "web-77dcbd4994"), "replicaset shop/web"],
  [owned("ReplicaSet", "by-hand"), "replicaset shop/by-hand"],
  [owned("StatefulSet", "db"), "statefulset shop/db"],
  [owned("Job", "backup-28412345"), "job shop/backup"],
  [owned("Job", "import"), "job shop/import"],
  [owned("Node", "node-1"), "pod shop/some-pod"],
  [{ kind: "Pod", metadata: { name: "one-77dcbd4994-dnv8c", namespace: "shop" } }, "pod shop/one-77dcbd4994-dnv8c"],
])("a rate limit counts %# for %s", (object, key) => {
  expect(workloadKey(object)).toBe(key);
});

it.each([
  ["Pod", "web-77dcbd4994-dnv8c", "pod shop/web"],
  ["Pod", "agent-2-dnv8c", "pod shop/agent-2"],
  ["Pod", "db-12", "pod shop/db"],
  ["Pod", "backup-28412345-dnv8c", "pod shop/backup"],
  ["Pod", "alone", "pod shop/alone"],
  ["ReplicaSet", "web-77dcbd4994", "replicaset shop/web"],
  ["Job", "backup-28412345", "job shop/backup"],
  ["Deployment", "web-77dcbd4994", "deployment shop/web-77dcbd4994"],
])("%s %s is known as %s by its name", (kind, name, key) => {
  expect(workloadKeyNamed(kind, name, "shop")).toBe(key);
});
