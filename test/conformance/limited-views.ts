import { expect, it } from "vitest";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import type { ClusterFixture } from "./cluster.ts";

export function limitedViews(fixture: () => ClusterFixture): void {
  it("a limited view refuses what is elsewhere, before it is asked, and reports it", async () => {
    const { cluster, namespace } = fixture();
    const calls: ClusterCall[] = [];
    const limited = cluster.within({ namespaces: [namespace, "elsewhere"] }).within({
      namespaces: [namespace],
      onCall: (call) => calls.push(call),
    });
    expect(await limited.get("Pod", "talker", namespace)).toBeDefined();
    const beyond = [
      () => limited.get("Pod", "talker", "elsewhere"),
      () => limited.get("Node", "any"),
      () => limited.list("Pod"),
      () => limited.delete("Pod", "talker", "default"),
      () => limited.withoutSignal().logs("elsewhere", "talker"),
    ];
    for (const call of beyond) {
      await expect(call()).rejects.toMatchObject({ name: "ClusterError", code: 403, reason: "Forbidden" });
    }
    expect(calls.map(({ status }) => status)).toEqual([200, 403, 403, 403, 403, 403]);
  });
}
