/** The kinds that alerts name beyond the model's, by the labels of kube-state-metrics, and what is unclear about them. */
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/delivery.ts";
import * as cortado from "../../src/index.ts";
import { resolveAlert, resolveObject } from "../../src/kubernetes/resolve.ts";
import { alertEvent, type FakeClusterOptions, fakeCluster, runAction } from "../../src/testing.ts";

const namespace = "shop";
const began = Date.parse("2026-01-01T00:00:00Z");
const named = (kind: string, name: string, more: object = {}) => ({
  kind,
  metadata: { name, ...("metadata" in more ? Object(more.metadata) : {}) },
  ...("metadata" in more ? {} : more),
});
const at = (address: string) => ({ status: { addresses: [{ type: "InternalIP", address }] } });
const objects = [
  named("CronJob", "nightly"),
  named("ReplicaSet", "api-7d"),
  named("PersistentVolumeClaim", "data-0"),
  named("PersistentVolume", "pv-1"),
  named("PodDisruptionBudget", "api"),
  named("Ingress", "front"),
  named("Service", "api"),
  named("Namespace", "shop"),
  named("Pod", "api-1"),
  named("Pod", "lost", { metadata: { name: "lost", namespace: "default" } }),
  named("Node", "node-1", at("10.0.0.1")),
  named("Node", "node-2", at("10.0.0.2")),
  named("Node", "twin-a", at("10.0.0.9")),
  named("Node", "twin-b", at("10.0.0.9")),
  named("StatefulSet", "db", { metadata: { name: "db", creationTimestamp: "2026-01-01T00:05:00Z" } }),
];

const alertOf = (labels: Record<string, string>, more: Partial<Alert> = {}): Alert => ({
  status: "firing",
  labels: { alertname: "A", ...labels },
  annotations: {},
  startsAt: began,
  fingerprint: "0123456789abcdef",
  ...more,
});

async function resolved(labels: Record<string, string>, more: Partial<Alert> = {}) {
  const cluster = fakeCluster({ objects });
  const { subject, notes, unread, ...rest } = await resolveAlert(alertOf(labels, more), cluster);
  const calls = cluster.calls
    .map(({ verb, resource, name }) => [verb, resource, name].filter(Boolean).join(" "))
    .sort();
  return { subject, notes, calls, unread: unread ?? {}, found: Object.keys(rest.objects).sort() };
}

describe("an object that an alert names", () => {
  it.each([
    ["cronjob", "nightly", "CronJob", namespace, "cronjobs.batch"],
    ["replicaset", "api-7d", "ReplicaSet", namespace, "replicasets.apps"],
    ["persistentvolumeclaim", "data-0", "PersistentVolumeClaim", namespace, "persistentvolumeclaims"],
    ["persistentvolume", "pv-1", "PersistentVolume", undefined, "persistentvolumes"],
    ["poddisruptionbudget", "api", "PodDisruptionBudget", namespace, "poddisruptionbudgets.policy"],
    ["ingress", "front", "Ingress", namespace, "ingresses.networking.k8s.io"],
    ["service", "api", "Service", namespace, "services"],
    ["namespace", "shop", "Namespace", "shop", "namespaces"],
  ])("by the label %s is found with one read", async (label, name, kind, within, resource) => {
    const { subject, notes, calls, found } = await resolved({ namespace, [label]: name });
    expect(subject).toMatchObject({ kind: kind.toLowerCase(), name });
    expect(subject.namespace).toBe(within);
    expect({ notes, calls, found }).toEqual({ notes: [], calls: [`get ${resource} ${name}`], found: [kind] });
  });

  const order = [
    ["pod", "api-1"],
    ["cronjob", "nightly"],
    ["replicaset", "api-7d"],
    ["persistentvolumeclaim", "data-0"],
    ["persistentvolume", "pv-1"],
    ["poddisruptionbudget", "api"],
    ["ingress", "front"],
    ["service", "api"],
    ["namespace", "shop"],
  ] as const;
  it.each(order.map(([label, name], index) => [label, name, Object.fromEntries(order.slice(index))] as const))(
    "is the %s before what comes after it",
    async (label, name, labels) => {
      const { subject } = await resolved({ namespace, ...labels });
      expect(subject).toMatchObject({ kind: label, name });
    },
  );

  it.each<[string, Record<string, string>, string, string[]]>([
    ["a pod", { pod: "api-1" }, "pod api-1", ["get pods api-1"]],
    ["a pod that is gone", { pod: "gone" }, "pod gone", ["get pods gone"]],
    ["an instance that is a node", { instance: "10.0.0.1:9100" }, "node node-1", ["list nodes"]],
    ["an instance that is none", { instance: "10.9.9.9:80" }, "service api", ["get services api", "list nodes"]],
    ["the scrape's job alone", { job: "api" }, "service api", ["get services api"]],
    ["a service by another name", { service: "Pay" }, "namespace shop", ["get namespaces shop", "get services Pay"]],
  ])("beside %s, the scrape's service and namespace count as they must", async (_, labels, subject, calls) => {
    const result = await resolved({ namespace, service: "api", ...labels });
    expect(`${result.subject.kind} ${result.subject.name}`).toBe(subject);
    expect(result.calls).toEqual(calls);
    expect(result.notes.filter((note) => note.startsWith("Service"))).toEqual([]);
    const unread = ["Service", "Namespace"].filter((kind) => !result.found.includes(kind));
    expect(Object.keys(result.unread)).toEqual(unread);
  });

  it("is not kube-state-metrics' own service, but the namespace that its metric is about", async () => {
    const labels = { namespace, service: "prom-kube-state-metrics", job: "kube-state-metrics" };
    expect((await resolved(labels)).subject).toMatchObject({ kind: "namespace", name: "shop" });
  });
});

describe("the workload of a pod that an alert names", () => {
  const by = (apiVersion: string, kind: string, name: string, uid = `uid-of-${kind.toLowerCase()}-${name}`) => ({
    ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
  });
  const owned = (kind: string, name: string, owners: object, labels: Record<string, string> = {}) => ({
    kind,
    metadata: { name, labels, ...owners },
  });
  const workloads = [
    owned("Pod", "web-7d-1", by("apps/v1", "ReplicaSet", "web-7d"), { "pod-template-hash": "7d" }),
    owned("Pod", "shop-7d-1", by("apps/v1", "ReplicaSet", "shop-7d"), { "rollouts-pod-template-hash": "7d" }),
    owned("Pod", "kafka-0", by("core.strimzi.io/v1", "StrimziPodSet", "kafka")),
    owned("Pod", "clone-1", by("apps/v1", "ReplicaSet", "clone")),
    owned("ReplicaSet", "clone", by("apps.example.com/v1", "CloneGroup", "clones")),
    owned("Pod", "alone-1", by("apps/v1", "ReplicaSet", "alone")),
    owned("ReplicaSet", "alone", {}),
    owned("Pod", "remade-1", by("apps/v1", "ReplicaSet", "clone", "another")),
    owned("Pod", "nightly-1-x", by("batch/v1", "Job", "nightly-1")),
    owned("Job", "nightly-1", by("batch/v1", "CronJob", "nightly")),
    owned("Pod", "scaled-1-x", by("batch/v1", "Job", "scaled-1")),
    owned("Job", "scaled-1", by("keda.sh/v1alpha1", "ScaledJob", "scaled")),
    owned("Pod", "gone-1-x", by("batch/v1", "Job", "gone-1")),
  ];
  const workloadOfAlert = async (pod: string, refuse: FakeClusterOptions["refuse"] = () => undefined) => {
    const cluster = fakeCluster({ objects: workloads, refuse });
    const { subject, notes } = await resolveAlert(alertOf({ namespace, pod }), cluster);
    return { workload: subject.workload, notes, more: cluster.calls.slice(1).map(({ resource }) => resource) };
  };

  it.each<[string, string, string, string[]]>([
    ["a Deployment", "web-7d-1", "deployment/web", []],
    ["a Rollout", "shop-7d-1", "rollout/shop", []],
    ["a custom workload of pods", "kafka-0", "strimzipodset/kafka", []],
    ["a custom workload of replica sets", "clone-1", "clonegroup/clones", ["replicasets.apps"]],
    ["a replica set alone", "alone-1", "replicaset/alone", ["replicasets.apps"]],
    ["a replica set that was made anew", "remade-1", "replicaset/clone", ["replicasets.apps"]],
    ["a CronJob", "nightly-1-x", "cronjob/nightly", ["jobs.batch"]],
    ["a custom workload of jobs", "scaled-1-x", "scaledjob/scaled", ["jobs.batch"]],
    ["a job that is gone", "gone-1-x", "job/gone-1", ["jobs.batch"]],
  ])("is %s, with one more read at most", async (_, pod, workload, more) => {
    expect(await workloadOfAlert(pod)).toEqual({ workload, notes: [], more });
  });

  it("is what the pod says where the cluster does not let us read more", async () => {
    const refuse = ({ resource }: { resource: string }) => (resource === "jobs.batch" ? { code: 403 } : undefined);
    expect(await workloadOfAlert("nightly-1-x", refuse)).toMatchObject({ workload: "job/nightly-1", notes: [] });
  });
});

describe("notes of what is unclear", () => {
  it.each<[string, Record<string, string>, string[]]>([
    ["no namespace", { pod: "lost" }, ["The alert names no namespace, so Pod lost was looked for in default."]],
    [
      "no namespace, and nothing there",
      { pod: "gone" },
      [
        "Pod default/gone is named by the alert but does not exist in the cluster.",
        "The alert names no namespace, so Pod gone was looked for in default.",
      ],
    ],
    ["no namespace, but a node", { node: "node-1" }, []],
    ["a pod on its node", { namespace, pod: "api-1", node: "node-1" }, []],
    [
      "a pod and another node",
      { namespace, pod: "api-1", node: "node-2" },
      ["The alert leads to Node node-2 and to Pod shop/api-1, which runs on node-1."],
    ],
    [
      "an address of two nodes",
      { instance: "10.0.0.9:9100" },
      ["The address 10.0.0.9:9100 is that of several nodes: twin-a was taken, twin-b have it too."],
    ],
  ])("%s", async (_, labels, notes) => {
    expect((await resolved(labels)).notes).toEqual(notes);
  });

  it.each<[string, Partial<Alert>, boolean]>([
    ["after the alert began", {}, true],
    ["after it began, and it is resolved", { status: "resolved", endsAt: began + 9e5 }, true],
    ["before the alert began", { startsAt: began + 6e5 }, false],
    ["in the same moment", { startsAt: began + 3e5 }, false],
    ["at a time that nobody compares", { startsAt: Date.parse("0001-01-01T00:00:00Z") }, false],
  ])("an object made %s: %o", async (_, more, told) => {
    const { notes, subject } = await resolved({ namespace, statefulset: "db" }, more);
    expect(subject.name).toBe("db");
    expect(notes).toEqual(
      told
        ? [
            "StatefulSet shop/db was created at 2026-01-01T00:05:00Z, after the alert began to fire (2026-01-01T00:00:00Z): the object of that name was another one then.",
          ]
        : [],
    );
  });

  it("reach the finding", async () => {
    const silent = cortado.action({ name: "s", on: cortado.PodEvent, run: (event) => event.addEnrichment([]) });
    const pod = { metadata: { creationTimestamp: "2026-01-02T00:00:00Z" } };
    const { findings } = await runAction(silent, alertEvent({ pod }));
    expect(findings[0]?.notes).toEqual([
      expect.stringContaining("was created at 2026-01-02T00:00:00Z, after the alert"),
    ]);
  });
});

describe("what an alert's event gives", () => {
  const kindsSeen: string[] = [];
  const see = (object: cortado.KubernetesObject | undefined) => void kindsSeen.push(object?.kind ?? "none");

  type Getter = (event: cortado.PrometheusKubernetesAlert) => Promise<cortado.KubernetesObject | undefined>;
  it.each<[string, Getter]>([
    ["CronJob", (event) => event.getCronJob()],
    ["ReplicaSet", (event) => event.getReplicaSet()],
    ["PersistentVolumeClaim", (event) => event.getPersistentVolumeClaim()],
    ["PersistentVolume", (event) => event.getPersistentVolume()],
    ["PodDisruptionBudget", (event) => event.getPodDisruptionBudget()],
    ["Ingress", (event) => event.getIngress()],
    ["Service", (event) => event.getService()],
    ["Namespace", (event) => event.getNamespace()],
  ])("is its %s, also beside a pod, and nothing where it is gone", async (kind, get) => {
    const looking = cortado.action({
      name: "looking",
      on: cortado.PrometheusKubernetesAlert,
      run: async (event) => see(await get(event)),
    });
    const option = kind.toLowerCase();
    kindsSeen.length = 0;
    await runAction(looking, alertEvent({ [option]: {} }));
    await runAction(looking, alertEvent({ [option]: {}, pod: {} }));
    await runAction(looking, alertEvent({ [option]: null, pod: {} }));
    expect(kindsSeen).toEqual([kind, kind, "none"]);
  });

  it("is read once, and only by the action that asks, where a label of the scrape names it", async () => {
    const twice = cortado.action({
      name: "twice",
      on: cortado.ServiceEvent,
      async run(event) {
        see(await event.getService());
        see(await event.getService());
      },
    });
    const { calls } = await runAction(twice, alertEvent({ service: {}, pod: {} }));
    expect(calls.map(({ resource }) => resource)).toEqual(["services"]);
  });
});

describe("a change of an object", () => {
  it("of another group is not of the kind of the same name", () => {
    const object = { apiVersion: "serving.knative.dev/v1", kind: "Service", metadata: { name: "api", namespace } };
    const { objects: none, subject } = resolveObject(object, fakeCluster());
    expect(none).toEqual({});
    expect(subject).toMatchObject({ kind: "service", name: "api", namespace });
  });

  it("of a Namespace is within itself", () => {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "bank" } };
    expect(resolveObject(object, fakeCluster()).subject).toMatchObject({ kind: "namespace", namespace: "bank" });
  });
});
