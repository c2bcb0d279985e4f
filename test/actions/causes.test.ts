import { describe, expect, it } from "vitest";
import { apiServiceStatusEnricher } from "../../src/actions/api-service-status-enricher.ts";
import { daemonsetMisscheduledAnalysisEnricher } from "../../src/actions/daemonset-misscheduled-analysis-enricher.ts";
import { daemonsetMisscheduledSmartSilencer } from "../../src/actions/daemonset-misscheduled-smart-silencer.ts";
import { targetDownDnsSilencer } from "../../src/actions/target-down-dns-silencer.ts";
import { versionMismatchEnricher } from "../../src/actions/version-mismatch-enricher.ts";
import { alertEvent, fakePrometheus, runAction } from "../../src/testing.ts";

describe("a DaemonSet that counts as misscheduled", () => {
  const taint = { key: "ToBeDeletedByClusterAutoscaler", value: "1", effect: "NoSchedule" };
  const other = { key: "example.com/gpu", effect: "NoSchedule" };
  const daemonset = (tolerations: object[] = []) => ({
    metadata: { name: "agent", uid: "u-1" },
    spec: { selector: { matchLabels: { app: "agent" } }, template: { spec: { tolerations } } },
  });
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "u-1", controller: true };
  const pod = (nodeName: string) => ({
    kind: "Pod",
    metadata: { name: `agent-${nodeName}`, namespace: "shop", labels: { app: "agent" }, ownerReferences: [owner] },
    spec: { nodeName },
  });
  const node = (name: string, ...taints: object[]) => ({ kind: "Node", metadata: { name }, spec: { taints } });
  const leaving = [node("a"), node("b", taint), pod("a"), pod("b")];

  it.each([
    ["its node is being deleted", daemonset(), leaving, true],
    ["it tolerates another taint", daemonset([{ key: other.key }]), leaving, true],
    ["it tolerates that", daemonset([{ key: taint.key, operator: "Exists" }]), leaving, false],
    ["it tolerates everything", daemonset([{ operator: "Exists" }]), leaving, false],
    ["no node is being deleted", daemonset(), [node("a", other), pod("a")], false],
    ["the node that is being deleted has no pod of it", daemonset(), [node("a"), node("b", taint), pod("a")], false],
  ])("is a false alarm or none where %s", async (_why, object, objects, known) => {
    const event = () => alertEvent({ daemonset: object, objects });
    const silenced = await runAction(daemonsetMisscheduledSmartSilencer, event());
    expect({ stopped: silenced.stopped, findings: silenced.findings }).toEqual({ stopped: known, findings: [] });
    const { blocks, stopped } = await runAction(daemonsetMisscheduledAnalysisEnricher, event());
    expect(stopped).toBe(false);
    expect(blocks).toMatchObject(
      known
        ? [
            { text: expect.stringContaining("the cluster autoscaler is deleting `b`.") },
            { text: expect.stringContaining("- key: ToBeDeletedByClusterAutoscaler\n  operator: Exists") },
          ]
        : [],
    );
  });

  it("is left alone where it is not there", async () => {
    for (const action of [daemonsetMisscheduledSmartSilencer, daemonsetMisscheduledAnalysisEnricher]) {
      const { stopped, findings } = await runAction(action, alertEvent());
      expect({ stopped, findings }).toEqual({ stopped: false, findings: [] });
    }
  });
});

describe("version_mismatch_enricher", () => {
  const sample = (git_version: string, node?: string) => ({
    labels: { git_version, ...(node === undefined ? {} : { node }) },
    at: 0,
    value: 1,
  });
  const mismatch = async (...samples: ReturnType<typeof sample>[]) => {
    const prometheus = fakePrometheus({ query: () => samples });
    const { enrichments } = await runAction(versionMismatchEnricher, alertEvent(), {}, { prometheus });
    return { enrichments, asked: prometheus.asked.map(({ promql }) => promql) };
  };

  it.each([
    [
      [sample("v1.27"), sample("v1.9", "b"), sample("v1.27", "a")],
      ["The API server runs Kubernetes v1.27", "Nodes to be updated to v1.27: 1 of 2"],
      [
        ["a", "v1.27"],
        ["b", "v1.9"],
      ],
    ],
    [
      [sample("v1.26"), sample("v1.27", "a")],
      ["The API server runs Kubernetes v1.26, and is to be updated to v1.27 first", "All nodes run v1.27"],
      [["a", "v1.27"]],
    ],
  ])("of %j says what is to be updated", async (samples, items, rows) => {
    const { enrichments, asked } = await mismatch(...samples);
    expect(enrichments).toMatchObject([{ title: "Versions of Kubernetes", blocks: [{ items }, { rows }] }]);
    expect(asked).toEqual([
      'count by (git_version, node) (label_replace(kubernetes_build_info{job!~"kube-dns|coredns"}, "git_version", "$1", "git_version", "(v[0-9]*.[0-9]*).*"))',
    ]);
  });

  it.each([[[]], [[sample("v1.27")]], [[sample("v1.27", "a")]]])("says nothing of %j", async (samples) => {
    expect((await mismatch(...samples)).enrichments).toEqual([]);
  });
});

describe("api_service_status_enricher", () => {
  const name = "v1beta1.metrics.k8s.io";
  const service = (reason: string, own = name) => ({
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    // The fake cluster has everything that it does not know in a namespace.
    metadata: { name: own, namespace: "default" },
    status: { conditions: [{ type: "Available", status: "False", reason, message: "as it says" }] },
  });
  const investigate = async (labels: Record<string, string>, ...objects: object[]) =>
    (await runAction(apiServiceStatusEnricher, alertEvent({ labels, objects: objects.map((one) => ({ ...one })) })))
      .blocks;

  it.each([
    ["ServiceNotFound", ["Available: False, ServiceNotFound: as it says", expect.stringMatching(/does not exist/)]],
    ["FailedDiscoveryCheck", ["Available: False, FailedDiscoveryCheck: as it says"]],
  ])("says why, and shows it: %s", async (reason, items) => {
    expect(await investigate({ name }, service(reason))).toEqual([
      { type: "list", items },
      {
        type: "file",
        filename: `${name}.yaml`,
        encoding: "utf8",
        contents: expect.stringContaining("kind: APIService"),
      },
    ]);
  });

  it("says so where it is gone, and nothing where the alert names none", async () => {
    expect(await investigate({ name }, service("x", "another"))).toMatchObject([
      { text: expect.stringContaining("not there any more") },
    ]);
    expect(await investigate({}, service("x"))).toEqual([]);
  });
});

describe("target_down_dns_silencer", () => {
  const service = {
    kind: "Service",
    metadata: { name: "prometheus-coredns", namespace: "kube-system" },
    spec: { selector: { "k8s-app": "kube-dns" } },
  };
  const pod = (image: string) => ({
    kind: "Pod",
    metadata: { name: "dns-1", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    spec: { containers: [{ name: "dns", image }] },
  });
  const coredns = "registry.k8s.io/coredns/coredns:v1.11.1";
  const kubedns = "registry.k8s.io/dns/k8s-dns-kube-dns:1.22.20";
  const named = { job: "coredns", service: "prometheus-coredns", namespace: "kube-system" };

  it.each<[string, boolean, Record<string, string>, object[]]>([
    ["the service does not exist", true, named, [pod(coredns)]],
    ["another DNS runs", true, named, [service, pod(kubedns)]],
    ["that DNS runs", false, named, [service, pod(coredns)]],
    ["kube-dns is meant, and runs", false, { ...named, job: "kube-dns" }, [service, pod(kubedns)]],
    ["kube-dns is meant, and CoreDNS runs", true, { ...named, job: "kube-dns" }, [service, pod(coredns)]],
    ["it has no pods, which is worth an alert", false, named, [service]],
    ["the job is another", false, { ...named, job: "etcd" }, []],
    ["no service is named", false, { job: "coredns" }, []],
  ])("where %s, silences: %s", async (_why, stopped, labels, objects) => {
    const event = alertEvent({ labels, objects: objects.map((one) => ({ ...one })) });
    const run = await runAction(targetDownDnsSilencer, event);
    expect({ stopped: run.stopped, findings: run.findings }).toEqual({ stopped, findings: [] });
  });
});
