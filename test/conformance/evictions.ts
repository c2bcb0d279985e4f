/** Evictions, as part of the cluster port's conformance. */
import { expect, it } from "vitest";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import type { ClusterFixture } from "./cluster.ts";

const refusal = (code: number, reason: string) => expect.objectContaining({ name: "ClusterError", code, reason });
const noUid = "00000000-0000-0000-0000-000000000000";

export function evictions(fixture: () => ClusterFixture): void {
  it("evicts a pod once, and only the one that is meant", async () => {
    const { cluster, namespace } = fixture();
    const containers = [{ name: "main", image: "localhost/pause:1" }];
    const { metadata } = await cluster.create("Pod", {
      metadata: { name: "evicted", namespace },
      spec: { terminationGracePeriodSeconds: 0, containers },
    });
    await expect(cluster.evict(namespace, "evicted", { uid: noUid })).rejects.toEqual(refusal(409, "Conflict"));
    expect(await cluster.evict(namespace, "evicted", { uid: metadata.uid ?? "", gracePeriodSeconds: 0 })).toBe(true);
    expect(await cluster.get("Pod", "evicted", namespace)).toBeUndefined();
    expect(await cluster.evict(namespace, "evicted")).toBe(false);
  });

  it("evicts no pod that a disruption budget holds back, and asks once", async () => {
    const { cluster, namespace } = fixture();
    await fixture().holdBack("talker");
    const calls: ClusterCall[] = [];
    const refused = cluster.within({ onCall: (call) => calls.push(call) }).evict(namespace, "talker");
    await expect(refused).rejects.toEqual(refusal(429, "TooManyRequests"));
    expect(calls).toMatchObject([{ verb: "create", resource: "pods/eviction", name: "talker", status: 429 }]);
    expect((await cluster.get("Pod", "talker", namespace))?.metadata.deletionTimestamp).toBeUndefined();
  });
}
