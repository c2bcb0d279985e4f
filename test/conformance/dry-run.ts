import { expect, it } from "vitest";
import { createDryRun } from "../../src/kubernetes/dry-run.ts";
import type { Cluster, ClusterCall } from "../../src/kubernetes/kubernetes.ts";

export interface DryRunFixture {
  readonly cluster: Cluster;
  /** In which pods can be made. */
  readonly namespace: string;
}

/** Dry runs on a cluster: what is tried is refused as it would be, told, and not done. */
export function dryRuns(fixture: () => DryRunFixture): void {
  const start = () => {
    const { cluster, namespace } = fixture();
    const dryRun = createDryRun();
    const calls: ClusterCall[] = [];
    const dry = cluster.within({ dryRun, onCall: (call) => calls.push(call) });
    return { cluster, namespace, dry, dryRun, calls };
  };
  const secret = (name: string, namespace: string) => ({ metadata: { name, namespace }, data: { key: "dmFsdWU=" } });
  const podOf = (name: string, namespace: string) => ({
    metadata: { name, namespace, labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "main", image: "localhost/pause:1" }] },
  });

  it("a dry run creates nothing, and is answered with what would have been made", async () => {
    const { cluster, namespace, dry, dryRun, calls } = start();
    expect([cluster.dryRun, dry.dryRun, dry.withoutSignal().dryRun]).toEqual([false, true, true]);
    const made = await dry.create("Secret", secret("tried", namespace));
    expect(made).toMatchObject({ metadata: { name: "tried", uid: expect.any(String) }, data: { key: "dmFsdWU=" } });
    expect(await cluster.get("Secret", "tried", namespace)).toBeUndefined();
    const place = { resource: "secrets", namespace, name: "tried" };
    expect(dryRun.effects).toEqual([{ verb: "create", ...place, after: made }]);
    expect(calls).toMatchObject([{ verb: "create", ...place, status: 201, dryRun: true }]);
  });

  it("a dry run updates and patches nothing, and has both versions of the object", async () => {
    const { cluster, namespace, dry, dryRun, calls } = start();
    const before = await cluster.create("Secret", secret("kept", namespace));
    await dry.update("Secret", { ...before, data: { key: "Mg==" } });
    const patch = { metadata: { labels: { tried: "yes" } } };
    const patched = await dry.patch("Secret", "kept", namespace, { type: "merge", patch });
    expect(patched.metadata.labels).toEqual({ tried: "yes" });
    expect(await cluster.get("Secret", "kept", namespace)).toEqual(before);
    const effect = { resource: "secrets", namespace, name: "kept", before };
    expect(dryRun.effects).toMatchObject([
      { verb: "update", ...effect, after: { data: { key: "Mg==" } } },
      { verb: "patch", ...effect, after: { data: { key: "dmFsdWU=" }, metadata: { labels: { tried: "yes" } } } },
    ]);
    expect(calls.map(({ verb, dryRun }) => [verb, dryRun])).toEqual([
      ["get", undefined],
      ["update", true],
      ["get", undefined],
      ["patch", true],
    ]);
  });

  it("a dry run deletes and evicts nothing, and sees it no more", async () => {
    const { cluster, namespace, dry, dryRun } = start();
    for (const name of ["doomed", "evicted"]) await cluster.create("Pod", podOf(name, namespace));
    expect(await dry.delete("Pod", "doomed", namespace)).toBe(true);
    expect(await dry.evict(namespace, "evicted")).toBe(true);
    expect(await dry.delete("Pod", "no-such-object", namespace)).toBe(false);
    const options = { namespace, labelSelector: "app in (doomed,evicted)" };
    expect(await cluster.list("Pod", options)).toHaveLength(2);
    expect(await dry.list("Pod", options)).toEqual([]);
    expect(await dry.get("Pod", "doomed", namespace)).toBeUndefined();
    expect(dryRun.effects).toEqual([
      { verb: "delete", resource: "pods", namespace, name: "doomed" },
      { verb: "evict", resource: "pods", namespace, name: "evicted" },
    ]);
    for (const name of ["doomed", "evicted"]) await cluster.delete("Pod", name, namespace, { gracePeriodSeconds: 0 });
  });

  it("a dry run runs no command, also not through what it has read", async () => {
    const { cluster, namespace, dry, dryRun } = start();
    await cluster.create("Pod", podOf("silent", namespace));
    const pod = await dry.get("Pod", "silent", namespace);
    expect(await pod?.exec("rm -rf /")).toEqual({ stdout: "", stderr: "", output: "", exitCode: 0, notRun: true });
    const command = ["sh", "-c", "rm -rf /"];
    expect(dryRun.effects).toEqual([{ verb: "exec", resource: "pods", namespace, name: "silent", command }]);
    await expect(dry.exec(namespace, "no-such-object", ["true"])).rejects.toMatchObject({ code: 404 });
    await cluster.delete("Pod", "silent", namespace, { gracePeriodSeconds: 0 });
  });

  it("a dry run is refused what the run would be refused, and tells no effect of it", async () => {
    const { cluster, namespace, dry, dryRun } = start();
    await cluster.create("Secret", secret("taken", namespace));
    const refused: [number, () => Promise<unknown>][] = [
      [409, () => dry.create("Secret", secret("taken", namespace))],
      [404, () => dry.patch("Secret", "no-such-object", namespace, { type: "merge", patch: {} })],
      [409, () => dry.delete("Secret", "taken", namespace, { uid: "00000000-0000-0000-0000-000000000000" })],
      [403, () => dry.within({ namespaces: ["elsewhere"] }).exec(namespace, "talker", ["true"])],
    ];
    for (const [code, call] of refused) await expect(call()).rejects.toMatchObject({ name: "ClusterError", code });
    expect(dryRun.effects).toEqual([]);
  });
}
