import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import type { Cluster } from "../../src/kubernetes/kubernetes.ts";
import { type ClusterFixture, clusterConformance, podsOfConformance } from "../conformance/cluster.ts";
import { rawApi } from "../conformance/raw-api.ts";
import { makeBudget } from "./budgets.ts";
import { kubeconfigPath } from "./tools.ts";

async function until<T>(read: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (good(value)) return value;
    await sleep(250);
  }
}

/** A namespace can hold pods once it has its service account, whose token secret comes a moment later. */
async function makeNamespace(cluster: Cluster): Promise<string> {
  const name = `conformance-${process.pid}`;
  await cluster.create("Namespace", { metadata: { name } });
  await until(
    () => cluster.list("Secret", { namespace: name }),
    (secrets) => secrets.length > 0,
  );
  return name;
}

async function makeFixture(): Promise<ClusterFixture> {
  const kubeConfig = loadKubeConfig({ from: "file", path: kubeconfigPath() });
  const cluster = createCluster({ name: "real", kubeConfig });
  const raw = rawApi(kubeConfig);
  const namespace = await makeNamespace(cluster);
  for (const pod of podsOfConformance) {
    await cluster.create("Pod", { ...pod, metadata: { ...pod.metadata, namespace } });
  }
  await until(
    () => cluster.get("Pod", "talker", namespace),
    (pod) => pod?.status?.containerStatuses?.every(({ ready }) => ready) === true,
  );
  await until(
    () => cluster.logs(namespace, "crasher", { previous: true }),
    (text) => text !== undefined,
  );
  return {
    cluster,
    api: raw.api,
    namespace,
    holdBack: (name) => makeBudget(cluster, namespace, name),
    close: async () => {
      await cluster.delete("Namespace", namespace);
      cluster.close();
      raw.close();
    },
  };
}

clusterConformance("a real API server and kubelet", makeFixture);

describe("a real API server", () => {
  const text = readFileSync(kubeconfigPath(), "utf8");
  /** The same server, as a user who may do nothing. */
  const viewer = createCluster({
    name: "real",
    kubeConfig: (() => {
      const config = loadKubeConfig({ from: "text", text });
      config.users = config.users.map(({ name }) => ({ name, token: "test-token-viewer" }));
      return config;
    })(),
  });
  afterAll(() => viewer.close());

  const forbidden = expect.objectContaining({ name: "ClusterError", code: 403, reason: "Forbidden" });

  it("says what is not allowed, for reads, logs and exec alike", async () => {
    await expect(viewer.get("Pod", "a", "default")).rejects.toEqual(forbidden);
    await expect(viewer.list("Node")).rejects.toThrow('User "viewer" cannot list resource "nodes"');
    await expect(viewer.logs("default", "a")).rejects.toEqual(forbidden);
    await expect(viewer.exec("default", "a", ["true"])).rejects.toThrow(
      'User "viewer" cannot get resource "pods/exec"',
    );
    await expect(viewer.exec("default", "a", ["true"])).rejects.toEqual(forbidden);
    expect(await viewer.provider()).toBe("Unknown");
  });
});
