import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Alert } from "../../src/delivery.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { type ConnectedCluster, createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import { type Resolved, resolveAlert, resolveObject } from "../../src/kubernetes/resolve.ts";

const namespace = "shop";
const inShop = (apiVersion: string, kind: string, name: string, more: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, namespace, labels: { of: kind, team: "object" }, annotations: { of: kind } },
  ...more,
});
const node = (name: string, ...addresses: string[]) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) },
});
const pod = (name: string, podIP: string, hostNetwork = false) =>
  inShop("v1", "Pod", name, {
    spec: { nodeName: "node-1", hostNetwork, containers: [{ name: "main", image: "web" }] },
    status: { phase: "Running", podIP, podIPs: [{ ip: podIP }] },
  });

const objects = [
  node("node-1", "10.0.0.1", "fd00::1"),
  node("node-2.example.org", "10.0.0.2"),
  pod("api-1", "10.244.0.7"),
  pod("exporter", "10.0.0.1", true),
  inShop("apps/v1", "Deployment", "api"),
  inShop("apps/v1", "DaemonSet", "agent"),
  inShop("apps/v1", "StatefulSet", "db"),
  inShop("batch/v1", "Job", "backup"),
  inShop("autoscaling/v2", "HorizontalPodAutoscaler", "scaler"),
  inShop("v1", "Pod", "homeless", { metadata: { name: "homeless", namespace: "default" }, spec: { containers: [] } }),
];

const alertOf = (labels: Record<string, string>): Alert => ({
  status: "firing",
  labels: { alertname: "A", ...labels },
  annotations: { summary: "It burns." },
  fingerprint: "0123456789abcdef",
});

let embedded: EmbeddedCluster;
let allowed = new Set<string>();
let cluster: ConnectedCluster;
beforeAll(async () => {
  embedded = await startEmbeddedCluster({
    objects,
    authorize: ({ resource }) => allowed.size === 0 || allowed.has(resource),
  });
  cluster = createCluster({ name: "prod", kubeConfig: loadKubeConfig({ from: "text", text: embedded.kubeconfig }) });
});
afterAll(async () => {
  cluster.close();
  await embedded.close();
});
beforeEach(() => {
  allowed = new Set();
});

async function resolved(labels: Record<string, string>): Promise<Resolved & { calls: string[] }> {
  const calls: ClusterCall[] = [];
  const result = await resolveAlert(alertOf(labels), cluster.within({ onCall: (call) => calls.push(call) }));
  return {
    ...result,
    calls: calls.map(({ verb, resource, name }) => [verb, resource, name].filter(Boolean).join(" ")).sort(),
  };
}

describe("the objects that an alert names", () => {
  it.each([
    ["deployment", "api", "Deployment"],
    ["daemonset", "agent", "DaemonSet"],
    ["statefulset", "db", "StatefulSet"],
    ["job_name", "backup", "Job"],
    ["pod", "api-1", "Pod"],
    ["horizontalpodautoscaler", "scaler", "HorizontalPodAutoscaler"],
    ["node", "node-1", "Node"],
  ])("are found by the label %s", async (label, name, kind) => {
    const { objects, subject, notes, calls, errors } = await resolved({ [label]: name, namespace });
    expect(Object.entries(objects)).toEqual([[kind, expect.objectContaining({ kind })]]);
    expect(subject).toMatchObject({ name, kind: kind.toLowerCase() });
    expect(subject.namespace).toBe(kind === "Node" ? undefined : namespace);
    expect(notes).toEqual([]);
    expect(errors).toEqual({});
    expect(calls).toHaveLength(1);
  });

  it("are all found, each with one read", async () => {
    const labels = {
      deployment: "api",
      daemonset: "agent",
      statefulset: "db",
      job_name: "backup",
      pod: "api-1",
      node: "node-1",
    };
    const { objects, calls } = await resolved({ ...labels, horizontalpodautoscaler: "scaler", namespace });
    expect(Object.keys(objects).sort()).toEqual([
      "DaemonSet",
      "Deployment",
      "HorizontalPodAutoscaler",
      "Job",
      "Node",
      "Pod",
      "StatefulSet",
    ]);
    expect(calls).toEqual([
      "get daemonsets.apps agent",
      "get deployments.apps api",
      "get horizontalpodautoscalers.autoscaling scaler",
      "get jobs.batch backup",
      "get nodes node-1",
      "get pods api-1",
      "get statefulsets.apps db",
    ]);
  });

  it("are in the namespace default where none is named", async () => {
    const { subject } = await resolved({ pod: "homeless" });
    expect(subject).toMatchObject({ name: "homeless", namespace: "default" });
  });

  it.each([
    ["an empty name", { pod: "", namespace: "" }],
    ["kube-state-metrics itself", { pod: "prometheus-kube-state-metrics-7d", deployment: "kube-state-metrics" }],
    ["Prometheus' own job", { job: "backup" }],
    ["the instance of kube-state-metrics", { instance: "10.0.0.1:8080", job: "kube-state-metrics" }],
    ["an instance that is kube-state-metrics", { instance: "kube-state-metrics.monitoring:8080" }],
    ["an instance that is no node's name", { instance: "https://example.org/health" }],
    ["nothing", {}],
  ])("are none in %s", async (_, labels) => {
    const { objects, subject, notes, calls } = await resolved(labels);
    expect({ objects, notes, calls }).toEqual({ objects: {}, notes: [], calls: [] });
    expect(subject).toMatchObject({ name: "Unresolved", kind: "none", labels: { alertname: "A" } });
  });
});

describe("the node of an alert", () => {
  it.each<[string, Record<string, string>, string | undefined, string[]]>([
    ["by its address and a port", { instance: "10.0.0.2:9100" }, "node-2.example.org", ["list nodes"]],
    ["by its address alone", { instance: "10.0.0.1" }, "node-1", ["list nodes"]],
    ["by an address of IPv6", { instance: "[fd00::1]:9100" }, "node-1", ["list nodes"]],
    [
      "by its name and a port",
      { instance: "node-2.example.org:9100" },
      "node-2.example.org",
      ["get nodes node-2.example.org"],
    ],
    ["not by an address that is nobody's", { instance: "10.9.9.9:9100" }, undefined, ["list nodes"]],
    [
      "by the label node before the instance",
      { node: "node-1", instance: "10.0.0.2:9100" },
      "node-1",
      ["get nodes node-1"],
    ],
    [
      "by the instance where the label node is wrong",
      { node: "gone", instance: "10.0.0.2:9100" },
      "node-2.example.org",
      ["get nodes gone", "list nodes"],
    ],
    [
      "not by the address of the pod",
      { pod: "api-1", instance: "10.244.0.7:80", namespace },
      undefined,
      ["get pods api-1"],
    ],
    [
      "by the address of a pod that has the node's",
      { pod: "exporter", instance: "10.0.0.1:9100", namespace },
      "node-1",
      ["get pods exporter", "list nodes"],
    ],
  ])("is found %s", async (_, labels, name, expected) => {
    const { objects, calls } = await resolved(labels);
    expect(objects.Node?.metadata.name).toBe(name);
    expect(calls).toEqual(expected);
  });
});

describe("what the finding is about", () => {
  const everything = [
    ["deployment", "api"],
    ["daemonset", "agent"],
    ["statefulset", "db"],
    ["node", "node-1"],
    ["pod", "api-1"],
    ["job_name", "backup"],
    ["horizontalpodautoscaler", "scaler"],
  ] as const;

  it.each(
    everything.map(([label, name], index) => [label, name, Object.fromEntries(everything.slice(index))] as const),
  )("is the %s before what comes after it", async (_, name, labels) => {
    const { subject } = await resolved({ ...labels, namespace });
    expect(subject.name).toBe(name);
  });

  it("has the object's labels and annotations, below the alert's", async () => {
    const { subject } = await resolved({ pod: "api-1", namespace, container: "main", team: "alert" });
    expect(subject).toEqual({
      name: "api-1",
      kind: "pod",
      namespace,
      node: "node-1",
      container: "main",
      labels: { of: "Pod", team: "alert", alertname: "A", pod: "api-1", namespace, container: "main" },
      annotations: { of: "Pod", summary: "It burns." },
    });
  });

  it("is the next that exists where the first is missing, and the missing is told", async () => {
    const { subject, objects, notes, errors } = await resolved({ deployment: "gone", pod: "api-1", namespace });
    expect(subject).toMatchObject({ name: "api-1", kind: "pod" });
    expect(Object.keys(objects)).toEqual(["Pod"]);
    expect(notes).toEqual(["Deployment shop/gone is named by the alert but does not exist in the cluster."]);
    expect(errors).toEqual({});
  });

  it("is what the labels name first where nothing exists", async () => {
    const { subject, notes } = await resolved({ node: "gone-1", pod: "gone-2", namespace });
    expect(subject).toMatchObject({ name: "gone-1", kind: "node", node: "gone-1" });
    expect(notes).toEqual([
      "Node gone-1 is named by the alert but does not exist in the cluster.",
      "Pod shop/gone-2 is named by the alert but does not exist in the cluster.",
    ]);
  });

  it("is what the labels name where the cluster does not let us read it", async () => {
    allowed = new Set(["pods"]);
    const { subject, objects, notes, errors } = await resolved({ deployment: "api", pod: "api-1", namespace });
    expect(subject).toMatchObject({ name: "api", kind: "deployment", namespace, labels: { alertname: "A" } });
    expect(Object.keys(objects)).toEqual(["Pod"]);
    expect(errors).toEqual({ Deployment: expect.objectContaining({ code: 403, reason: "Forbidden" }) });
    expect(notes).toEqual([
      expect.stringMatching(
        /^The cluster prod does not let Cortado read what the alert names: .*deployments.apps "api" is forbidden/,
      ),
    ]);
  });

  it("is what the labels name where the cluster is away, and that is told once", async () => {
    const gone = await startEmbeddedCluster({ objects: [] });
    const kubeConfig = loadKubeConfig({ from: "text", text: gone.kubeconfig });
    await gone.close();
    const away = createCluster({ name: "prod", kubeConfig, timeoutSeconds: 0.3 });
    const result = await resolveAlert(alertOf({ deployment: "api", pod: "api-1", namespace }), away);
    expect(result.subject).toMatchObject({ name: "api", kind: "deployment", namespace });
    expect(result.objects).toEqual({});
    expect(result.errors).toEqual({
      Deployment: expect.objectContaining({ name: "ClusterError", code: 0 }),
      Pod: expect.objectContaining({ name: "ClusterError", code: 0 }),
    });
    expect(result.notes).toEqual([
      expect.stringMatching(/^The cluster prod is unreachable: it (did not answer|could not be reached)/),
    ]);
  });

  it("is not looked for under a signal that aborts", async () => {
    const stopped = cluster.within({ signal: AbortSignal.abort(new Error("too late")) });
    await expect(resolveAlert(alertOf({ pod: "api-1", namespace }), stopped)).rejects.toThrow("too late");
  });
});

describe("a change's object", () => {
  it("is the one that came, with its members, and nothing is asked", async () => {
    const calls: ClusterCall[] = [];
    const object = pod("api-2", "10.244.0.8");
    const sent = JSON.stringify(object);
    const { objects, subject, notes } = resolveObject(object, cluster.within({ onCall: (call) => calls.push(call) }));
    expect(JSON.stringify(objects.Pod)).toBe(sent);
    expect(subject).toEqual({
      name: "api-2",
      kind: "pod",
      namespace,
      node: "node-1",
      labels: { of: "Pod", team: "object" },
      annotations: { of: "Pod" },
    });
    expect({ notes, calls }).toEqual({ notes: [], calls: [] });
    expect((await objects.Pod?.node())?.metadata.name).toBe("node-1");
  });

  it("of a kind that is not known is known by its name", () => {
    const { objects, subject } = resolveObject({ kind: "Widget", metadata: { name: "w", namespace } }, cluster);
    expect(objects).toEqual({});
    expect(subject).toEqual({ name: "w", kind: "widget", namespace, labels: {}, annotations: {} });
  });
});
