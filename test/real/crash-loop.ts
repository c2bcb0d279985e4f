/** A pod that crash-loops in the real cluster, and the alert that kube-prometheus raises for it. */
import { expect, vi } from "vitest";
import type { Cluster } from "../../src/kubernetes/kubernetes.ts";

const image = "localhost/busybox:1";
const volumeMounts = [{ name: "store", mountPath: "/store" }];

export const pod = "shop-api-0";
/** What the container that crashes prints, each time. */
export const panic = "panic: the order store is locked, see /store/LOCK";
/** What is in the file that it left. */
export const lock = `held by ${pod} since its first start`;

/**
 * `api` crashes over a lock that its first start left in a volume. `backup` has the same volume and stays up: a container that has
 * crashed takes no commands, so they go there.
 */
const manifest = {
  metadata: { name: pod, annotations: { "kubectl.kubernetes.io/default-container": "backup" } },
  spec: {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: "store", emptyDir: {} }],
    containers: [
      {
        name: "api",
        image,
        volumeMounts,
        command: [
          "sh",
          "-c",
          `echo opening the order store; echo "held by $(hostname) since its first start" > /store/LOCK; echo "${panic}"; exit 1`,
        ],
      },
      { name: "backup", image, volumeMounts, command: ["sleep", "100000"] },
    ],
  },
};

/** Makes the pod in a namespace of its own, and resolves when it has crashed again and Kubernetes holds it back. */
export async function startCrashLoop(cluster: Cluster): Promise<{ namespace: string; close(): Promise<void> }> {
  const namespace = `shop-${process.pid}`;
  await cluster.create("Namespace", { metadata: { name: namespace } });
  // Pods can be made once the service account has its token.
  await vi.waitFor(async () => expect(await cluster.list("Secret", { namespace })).not.toEqual([]), patience);
  await cluster.create("Pod", { ...manifest, metadata: { ...manifest.metadata, namespace } });
  await vi.waitFor(async () => {
    const { status, events } = (await cluster.get("Pod", pod, namespace)) ?? {};
    const [api, backup] = ["api", "backup"].map((wanted) =>
      status?.containerStatuses?.find(({ name }) => name === wanted),
    );
    expect(api?.restartCount).toBeGreaterThan(0);
    expect(backup?.ready).toBe(true);
    expect((await events?.())?.map(({ reason }) => reason)).toContain("BackOff");
  }, patience);
  return {
    namespace,
    async close() {
      await cluster.delete("Namespace", namespace);
    },
  };
}

const patience = { timeout: 90_000, interval: 500 };

/** As kube-prometheus' rule KubePodCrashLooping has it, over what kube-state-metrics says of the pod. */
export const crashLoopAlert = (namespace: string) => ({
  labels: {
    alertname: "KubePodCrashLooping",
    container: "api",
    endpoint: "http",
    instance: "10.244.0.5:8080",
    job: "kube-state-metrics",
    namespace,
    pod,
    prometheus: "monitoring/k8s",
    reason: "CrashLoopBackOff",
    service: "kube-state-metrics",
    severity: "warning",
  },
  annotations: {
    description: `Pod ${namespace}/${pod} (api) is in waiting state (reason: "CrashLoopBackOff").`,
    runbook_url: "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping",
    summary: "Pod is crash looping.",
  },
  generatorURL: "http://prometheus.example.com/graph?g0.expr=kube_pod_container_status_waiting_reason",
});
