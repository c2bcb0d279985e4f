/** The embedded cluster as the official client sees it. Its errors, word for word, are in answers.test.ts. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AppsV1Api,
  AutoscalingV1Api,
  AutoscalingV2Api,
  CustomObjectsApi,
  VersionApi,
  Watch,
} from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { type ApiObject, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { embeddedClusters, podObject as pod } from "../helpers/embedded-clusters.ts";

const start = embeddedClusters();

describe("objects", () => {
  it("come from objects, files and folders, with times relative to the start", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cortado-objects-"));
    const claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data, creationTimestamp: now-2h }\n";
    const list = { apiVersion: "v1", kind: "ConfigMapList", items: [{ metadata: { name: "a", namespace: "far" } }] };
    await writeFile(join(folder, "claims.yaml"), `${claim}---\n`);
    await writeFile(join(folder, "maps.json"), JSON.stringify(list));
    const { core } = await start({ objects: [folder, pod("one")] });
    await rm(folder, { recursive: true });
    const { metadata } = await core.readNamespacedPersistentVolumeClaim({ name: "data", namespace: "default" });
    expect(Date.now() - (metadata?.creationTimestamp?.getTime() ?? 0)).toBeGreaterThan(7_199_000);
    expect((await core.listNamespacedConfigMap({ namespace: "far" })).items).toHaveLength(1);
    expect((await core.listNamespace()).items.map((one) => one.metadata?.name)).toEqual([
      "default",
      "far",
      "kube-system",
    ]);
    expect((await core.listPodForAllNamespaces()).items.map(({ status }) => status?.phase)).toEqual(["Running"]);
  });

  it("are refused all at once, with file and line", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cortado-objects-"));
    await writeFile(join(folder, "a.yaml"), "kind: Pod\n---\nmetadata:\n  name: x\n");
    await writeFile(join(folder, "b.yaml"), "a: [\n");
    const error = await startEmbeddedCluster({ objects: [folder] }).catch((error: unknown) => error);
    await rm(folder, { recursive: true });
    expect(error).toMatchObject({
      name: "ConfigurationError",
      problems: [
        { at: `${folder}/a.yaml:1` },
        { at: `${folder}/a.yaml:3` },
        { at: expect.stringContaining("b.yaml:") },
      ],
    });
  });

  it.each([
    [{ labelSelector: "app=api" }, ["a", "b"]],
    [{ labelSelector: "app==api,tier!=web" }, ["a"]],
    [{ labelSelector: "app in (api, web)" }, ["a", "b", "c"]],
    [{ labelSelector: "tier notin (web)" }, ["a", "d"]],
    [{ labelSelector: "tier" }, ["b", "c"]],
    [{ labelSelector: "!tier,app" }, ["a"]],
    [{ labelSelector: "weight>1" }, ["c"]],
    [{ fieldSelector: "metadata.name=a" }, ["a"]],
    [{ fieldSelector: "metadata.name!=a,status.phase=Running" }, ["b", "c", "d"]],
    [{ fieldSelector: "spec.nodeName=node-2" }, []],
    [{}, ["a", "b", "c", "d"]],
  ])("are selected by %o", async (selectors, names) => {
    const objects = [
      pod("a", { labels: { app: "api" } }),
      pod("b", { labels: { app: "api", tier: "web" } }),
      pod("c", { labels: { app: "web", tier: "web", weight: "2" } }),
      pod("d"),
    ];
    const { core } = await start({ objects });
    const { items } = await core.listNamespacedPod({ namespace: "default", ...selectors });
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(names);
  });

  it("come in pages", async () => {
    const { core } = await start({ objects: ["a", "b", "c", "d", "e"].map((name) => pod(name)) });
    const pages: string[][] = [];
    let next: string | undefined;
    do {
      const page = await core.listPodForAllNamespaces({ limit: 2, ...(next === undefined ? {} : { _continue: next }) });
      pages.push(page.items.map(({ metadata }) => metadata?.name ?? ""));
      next = page.metadata?._continue;
    } while (next);
    expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });

  it("have a new generation with a new spec, and a status of their own", async () => {
    const { kubeConfig, cluster } = await start({ objects: [] });
    const apps = kubeConfig.makeApiClient(AppsV1Api);
    const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "main", image: "x" }] } };
    const spec = { selector: { matchLabels: { a: "b" } }, template };
    const named = { name: "web", namespace: "default" };
    const made = await apps.createNamespacedDeployment({ namespace: "default", body: { metadata: named, spec } });
    expect(made.metadata?.generation).toBe(1);
    const changed = { ...made, spec: { ...spec, replicas: 3 }, status: { replicas: 9 } };
    const updated = await apps.replaceNamespacedDeployment({ ...named, body: changed });
    expect(updated).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 } });
    expect(updated.status?.replicas).toBeUndefined();
    const reported = { ...updated, spec: { ...spec, replicas: 8 }, status: { replicas: 3 } };
    await apps.replaceNamespacedDeploymentStatus({ ...named, body: reported });
    expect(cluster.objects.get("Deployment", "web")).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 3 },
      status: { replicas: 3 },
    });
  });

  it("go with their owner and with their namespace", async () => {
    const { cluster, core, kubeConfig } = await start({ objects: [pod("other", { namespace: "shop" })] });
    const owner = cluster.objects.put({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "rs" } });
    const reference = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "rs", uid: owner.metadata.uid ?? "" };
    cluster.objects.put(pod("owned", { ownerReferences: [reference] }));
    const named = { name: "rs", namespace: "default" };
    await kubeConfig.makeApiClient(AppsV1Api).deleteNamespacedReplicaSet(named);
    expect(cluster.objects.get("Pod", "owned")).toBeUndefined();
    await core.deleteNamespace({ name: "shop" });
    expect(cluster.objects.list("Pod")).toEqual([]);
    expect(cluster.objects.get("Namespace", "shop")).toBeUndefined();
  });

  it("of a kind that only they bring are served", async () => {
    const application = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "shop", namespace: "argocd" },
      spec: { project: "default" },
    };
    const { kubeConfig } = await start({ objects: [application] });
    const custom = kubeConfig.makeApiClient(CustomObjectsApi);
    const place = { group: "argoproj.io", version: "v1alpha1", namespace: "argocd", plural: "applications" };
    expect(await custom.getNamespacedCustomObject({ ...place, name: "shop" })).toMatchObject(application);
    const { resources } = await custom.getAPIResources({ group: "argoproj.io", version: "v1alpha1" });
    expect(resources.map(({ name, namespaced }) => [name, namespaced])).toContainEqual(["applications", true]);
  });

  it("are told to watchers from a version on", async () => {
    const { cluster, kubeConfig, core } = await start({ objects: [pod("old")] });
    const { metadata } = await core.listNamespacedPod({ namespace: "default" });
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    cluster.objects.put(pod("before"));
    const query = { resourceVersion: metadata?.resourceVersion, labelSelector: "!hidden" };
    const watching = await new Watch(kubeConfig).watch(
      "/api/v1/namespaces/default/pods",
      query,
      (type: string, { metadata }: ApiObject) => {
        seen.push(`${type} ${metadata.name}`);
        if (metadata.name === "last" && type === "MODIFIED") resolve();
      },
      () => undefined,
    );
    cluster.objects.put(pod("other", { namespace: "far" }));
    cluster.objects.put(pod("before", { labels: { hidden: "yes" } }));
    cluster.objects.remove("Pod", "old");
    cluster.objects.put(pod("last"));
    await promise;
    watching.abort();
    expect(seen).toEqual([
      "ADDED before",
      "MODIFIED before",
      "DELETED before",
      "DELETED old",
      "ADDED last",
      "MODIFIED last",
    ]);
  });
});

describe("an old cluster", () => {
  it("serves the versions that it has", async () => {
    const autoscaler = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web" },
      spec: {
        maxReplicas: 3,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
      },
    };
    const versions = { autoscaling: ["v1", "v2beta2"] };
    const { kubeConfig } = await start({ objects: [autoscaler], groupVersions: versions, version: "v1.20.2" });
    const named = { name: "web", namespace: "default" };
    expect(await kubeConfig.makeApiClient(VersionApi).getCode()).toMatchObject({ major: "1", minor: "20" });
    const old = await kubeConfig.makeApiClient(AutoscalingV1Api).readNamespacedHorizontalPodAutoscaler(named);
    expect(old).toMatchObject({ apiVersion: "autoscaling/v1", spec: { targetCPUUtilizationPercentage: 70 } });
    const unserved = kubeConfig.makeApiClient(AutoscalingV2Api).readNamespacedHorizontalPodAutoscaler(named);
    await expect(unserved).rejects.toMatchObject({ code: 404 });
  });
});

describe("who asks", () => {
  it.each([
    ["no token where none is demanded", {}, {}, 200],
    ["no token", { token: "secret" }, {}, 401],
    ["a wrong token", {}, { authorization: "Bearer wrong" }, 401],
    ["the right token", { token: "secret" }, { authorization: "Bearer secret" }, 200],
  ])("%s", async (_, options, headers, status) => {
    const { cluster } = await start({ objects: [], ...options });
    expect((await fetch(`${cluster.url}/api/v1/pods`, { headers })).status).toBe(status);
  });

  it("is told what is forbidden", async () => {
    const { core } = await start({
      objects: [],
      authorize: ({ verb, resource }) => `${verb} ${resource}` !== "get pods/log",
    });
    const error = await core.readNamespacedPodLog({ name: "x", namespace: "shop" }).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 403,
      body: expect.stringContaining('cannot get resource \\"pods/log\\" in API group'),
    });
  });
});

describe("failures on order", () => {
  it("meet the requests that they are for, as often as they say", async () => {
    const { cluster } = await start({ objects: [] });
    cluster.faults.add({ match: /nodes/, times: 2, status: 429, retryAfterSeconds: 3 });
    const statuses: (string | number | null)[] = [];
    for (const plural of ["pods", "nodes", "nodes", "nodes"]) {
      const response = await fetch(`${cluster.url}/api/v1/${plural}`);
      statuses.push(response.status, response.headers.get("retry-after"));
    }
    expect(statuses).toEqual([200, null, 429, "3", 429, "3", 200, null]);
    cluster.faults.add({ drop: true });
    await expect(fetch(`${cluster.url}/api/v1/pods`)).rejects.toThrow();
    expect(cluster.requests.map(({ status }) => status)).toEqual([200, 429, 429, 200, 0]);
    expect(cluster.connections()).toBeGreaterThan(0);
  });
});

describe("the shop that is there by default", () => {
  it("has the pod of the recorded alert, with the reason in its previous log", async () => {
    const { core } = await start();
    const named = { name: "api-6d4cf56db6-abcde", namespace: "shop" };
    const { status } = await core.readNamespacedPod(named);
    expect(status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 5,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 2 } },
    });
    const previous = await core.readNamespacedPodLog({ ...named, previous: true });
    expect(previous).toContain("panic: open order store");
    const { items } = await core.listNamespacedEvent({
      namespace: "shop",
      fieldSelector: `involvedObject.name=${named.name},type=Warning`,
    });
    expect(items.map(({ reason }) => reason)).toEqual(["BackOff"]);
  });

  it("is whole: every owner, node and namespace that is named exists", async () => {
    const { cluster } = await start();
    const kinds = ["Node", "Deployment", "ReplicaSet", "StatefulSet", "Job", "CronJob", "Pod", "Event", "Service"];
    const objects = kinds.flatMap((kind) => cluster.objects.list(kind));
    const uids = new Set(objects.map(({ metadata }) => metadata.uid));
    for (const { metadata } of objects) {
      for (const { uid } of metadata.ownerReferences ?? []) expect(uids).toContain(uid);
    }
    expect(uids.size).toBe(objects.length);
    expect(cluster.objects.list("Pod").filter(({ status }) => status === undefined)).toEqual([]);
  });
});
