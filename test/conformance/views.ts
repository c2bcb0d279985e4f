import { expect, it } from "vitest";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import type { ClusterFixture } from "./cluster.ts";

/** Views of one cluster: under a signal, without it, and limited to namespaces. */
export function views(fixture: () => ClusterFixture): void {
  it("limited to namespaces, it refuses what is elsewhere, before it is asked, and reports it", async () => {
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

  it("stops with its signal", async () => {
    const { cluster, namespace } = fixture();
    const stopped = cluster.within({ signal: AbortSignal.abort(new Error("too late")) });
    await expect(stopped.get("Pod", "talker", namespace)).rejects.toThrow("too late");
    await expect(stopped.list("Pod")).rejects.toThrow("too late");
    await expect(stopped.exec(namespace, "talker", ["true"])).rejects.toThrow("too late");
  });

  it("goes on without its signal where something is to be taken back", async () => {
    const { cluster, namespace } = fixture();
    const calls: ClusterCall[] = [];
    const signal = AbortSignal.abort(new Error("too late"));
    const stopped = cluster.within({ signal, onCall: (call) => calls.push(call) });
    expect(await stopped.withoutSignal().delete("Secret", "no-such-object", namespace)).toBe(false);
    expect(calls).toMatchObject([{ verb: "delete", status: 404 }]);
  });
}
