import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { relatedPods } from "../../src/index.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { kubeconfigPath } from "./tools.ts";

const cluster = createCluster({ name: "real", kubeConfig: loadKubeConfig({ from: "file", path: kubeconfigPath() }) });
const namespace = `related-${process.pid}`;
const labels = { app: "web" };
const spec = { terminationGracePeriodSeconds: 0, containers: [{ name: "web", image: "localhost/pause:1" }] };
const names = (objects: readonly { readonly metadata: { readonly name: string } }[]) =>
  objects.map(({ metadata }) => metadata.name).sort();

beforeAll(async () => {
  await cluster.create("Namespace", { metadata: { name: namespace } });
  // Pods can be made once the service account has its token.
  while ((await cluster.list("Secret", { namespace })).length === 0) await sleep(250);
});
afterAll(async () => {
  await cluster.delete("Namespace", namespace);
  cluster.close();
});

it("finds the pods that a real Deployment has, and not those that only have its labels", async () => {
  const metadata = { name: "web", namespace };
  // An orphan with the selector's labels would be adopted; one that another controls is left alone.
  const rival = await cluster.create("ConfigMap", { metadata: { name: "rival", namespace } });
  const { uid = "" } = rival.metadata;
  const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "rival", uid, controller: true }];
  await cluster.create("Pod", { metadata: { name: "stranger", namespace, labels, ownerReferences }, spec });
  const selector = { matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] };
  const deployment = await cluster.create("Deployment", {
    metadata,
    spec: { replicas: 2, selector, template: { metadata: { labels }, spec } },
  });
  let pods = await relatedPods(cluster, deployment);
  while (pods.length < 2 || pods.some(({ spec }) => !spec?.nodeName)) {
    await sleep(100);
    pods = await relatedPods(cluster, deployment);
  }
  expect(names(pods)).toEqual([expect.stringMatching(/^web-/), expect.stringMatching(/^web-/)]);

  const [replicaSet] = await cluster.list("ReplicaSet", { namespace });
  if (replicaSet === undefined) throw new Error("the Deployment has no ReplicaSet");
  expect(names(await relatedPods(cluster, replicaSet))).toEqual(names(pods));

  const node = await pods[0]?.node();
  if (node === undefined) throw new Error("the pod has no node");
  const onNode = names(await relatedPods(cluster, node));
  expect(onNode).toEqual(expect.arrayContaining([...names(pods), "stranger"]));
});

it("finds the pods behind an autoscaler, a service, a budget, a claim and a cron job", async () => {
  const { name = "" } = (await cluster.list("Pod", { namespace, labelSelector: "app=web" }))[0]?.metadata ?? {};
  const ofDeployment = /^web-/;
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const autoscaler = await cluster.create("HorizontalPodAutoscaler", {
    metadata: { name: "web", namespace },
    spec: { scaleTargetRef, maxReplicas: 2 },
  });
  expect(names(await relatedPods(cluster, autoscaler))).toContainEqual(expect.stringMatching(ofDeployment));
  expect(names(await relatedPods(cluster, autoscaler))).not.toContain("stranger");

  const selecting = { metadata: { name: "web", namespace } };
  const service = await cluster.create("Service", { ...selecting, spec: { selector: labels, ports: [{ port: 80 }] } });
  const budget = await cluster.create("PodDisruptionBudget", {
    ...selecting,
    spec: { minAvailable: 0, selector: { matchLabels: labels } },
  });
  for (const object of [service, budget]) {
    expect(names(await relatedPods(cluster, object))).toEqual(expect.arrayContaining([name, "stranger"]));
  }

  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
  await cluster.create("Pod", { metadata: { name: "mounts", namespace }, spec: { ...spec, volumes } });
  const claim = await cluster.create("PersistentVolumeClaim", {
    metadata: { name: "data", namespace },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  expect(names(await relatedPods(cluster, claim))).toEqual(["mounts"]);

  const job = { template: { spec: { ...spec, restartPolicy: "Never" } } };
  const cronJob = await cluster.create("CronJob", {
    metadata: { name: "nightly", namespace },
    spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: job } },
  });
  const { uid = "" } = cronJob.metadata;
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: "nightly", uid, controller: true }];
  expect(await relatedPods(cluster, cronJob)).toEqual([]);
  await cluster.create("Job", { metadata: { name: "nightly-1", namespace, ownerReferences }, spec: job });
  await cluster.create("Job", { metadata: { name: "by-hand", namespace }, spec: job });
  await expect
    .poll(async () => names(await relatedPods(cluster, cronJob)), { timeout: 15_000 })
    .toEqual([expect.stringMatching(/^nightly-1-/)]);
});
