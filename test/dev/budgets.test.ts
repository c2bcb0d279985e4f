/** Disruption budgets of the embedded cluster, as the official client meets them. */
import { describe, expect, it } from "vitest";
import { embeddedClusters, podObject } from "../helpers/embedded-clusters.ts";

const start = embeddedClusters();
const labels = { app: "web" };
const namespace = "default";

describe("a disruption budget", () => {
  it.each([
    [{ minAvailable: 1 }, 2],
    [{ minAvailable: 0 }, 3],
    [{ minAvailable: "100%" }, 0],
    [{ minAvailable: "50%" }, 1],
    [{ maxUnavailable: 2 }, 2],
    [{ maxUnavailable: "34%" }, 2],
    [{ maxUnavailable: 0 }, 0],
    [{}, 1],
  ])("of %o lets %d of three pods go at once", async (spec, granted) => {
    const pods = ["a", "b", "c"].map((name) => podObject(name, { labels, finalizers: ["test/stays"] }));
    const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "web" } };
    const objects = [...pods, { ...budget, spec: { ...spec, selector: { matchLabels: labels } } }];
    const { core } = await start({ objects });
    const evict = (name: string) =>
      core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } }).then(
        () => 201,
        ({ code }: { code: number }) => code,
      );
    const codes = [await evict("a"), await evict("b"), await evict("c")];
    expect(codes).toEqual([201, 201, 201].map((code, index) => (index < granted ? code : 429)));
  });

  it("holds back no pod that does not run, nor one of other labels", async () => {
    const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "web" } };
    const pending = { ...podObject("pending", { labels }), status: { phase: "Pending" } };
    const objects = [
      podObject("other", { labels: { app: "api" } }),
      pending,
      { ...budget, spec: { minAvailable: 3, selector: { matchLabels: labels } } },
    ];
    const { core, cluster } = await start({ objects });
    for (const name of ["other", "pending"]) {
      await core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } });
    }
    expect(cluster.objects.list("Pod")).toEqual([]);
  });
});
