/** Custom resources, as part of the cluster port's conformance: read by reference, and walked through from what they own. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ClusterCall } from "../../src/kubernetes/kubernetes.ts";
import type { KubernetesObject, OwnerReference } from "../../src/kubernetes/objects.ts";
import type { ClusterFixture } from "./cluster.ts";

const group = "conformance.cortado.dev";
const apiVersion = `${group}/v1alpha1`;
const noUid = "00000000-0000-0000-0000-000000000000";
const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };

/** `Rig` is in a namespace, `Fleet` is not; their plurals are not to be guessed. */
const definitions = [
  { kind: "Rig", plural: "riggings", scope: "Namespaced" },
  { kind: "Fleet", plural: "flotillas", scope: "Cluster" },
].map(({ kind, plural, scope }) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope,
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [{ name: "v1alpha1", served: true, storage: true, schema }],
  },
}));

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const controlledBy = (kind: string, name: string, uid = ""): { ownerReferences: OwnerReference[] } => ({
  ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
});

export function customOwners(fixture: () => ClusterFixture): void {
  describe("custom resources", () => {
    const send = (method: "POST" | "DELETE", path: string, body?: object) =>
      fixture().api.send({ verb: method, resource: path }, { method, path, body });
    const make = async (path: string, kind: string, metadata: object): Promise<KubernetesObject> => {
      // The kinds of a definition are served a moment after it was taken.
      const made = await vi.waitFor(
        async () => {
          const answer = await send("POST", path, { apiVersion, kind, metadata });
          expect(answer.status).toBe(201);
          return answer;
        },
        { timeout: 15_000, interval: 200 },
      );
      return JSON.parse(made.body.toString("utf8"));
    };
    let fleet: KubernetesObject;
    let rig: KubernetesObject;

    beforeAll(async () => {
      for (const definition of definitions) await send("POST", definitionsPath, definition);
      const { namespace } = fixture();
      const root = `/apis/${apiVersion}`;
      fleet = await make(`${root}/flotillas`, "Fleet", { name: "fleet" });
      const owner = controlledBy("Fleet", "fleet", fleet.metadata.uid);
      rig = await make(`${root}/namespaces/${namespace}/riggings`, "Rig", { name: "rig", ...owner });
    });
    afterAll(async () => {
      for (const { metadata } of definitions) await send("DELETE", `${definitionsPath}/${metadata.name}`);
    });

    it("are read by a reference, in the namespace or in none, and asked for their place once", async () => {
      const calls: ClusterCall[] = [];
      const { cluster, namespace } = fixture();
      const observed = cluster.within({ onCall: (call) => calls.push(call) });
      const reference = { apiVersion, kind: "Rig", name: "rig" };
      expect(await observed.getReferred(reference, namespace)).toEqual(rig);
      expect(await observed.getReferred({ apiVersion, kind: "Fleet", name: "fleet" }, namespace)).toEqual(fleet);
      expect(await observed.getReferred({ ...reference, name: "none" }, namespace)).toBeUndefined();
      expect(await observed.getReferred({ apiVersion: "v1", kind: "Pod", name: "talker" }, namespace)).toMatchObject({
        kind: "Pod",
      });
      const asked = calls.map(({ resource, name, status }) => [resource, name, status]);
      expect(asked.filter(([resource]) => resource !== `/apis/${apiVersion}`)).toEqual([
        [`riggings.${group}`, "rig", 200],
        [`flotillas.${group}`, "fleet", 200],
        [`riggings.${group}`, "none", 404],
        ["pods", "talker", 200],
      ]);
      expect(asked.length).toBeLessThanOrEqual(5);
    });

    it.each([
      ["of another kind", apiVersion, "Boat"],
      ["of another version", `${group}/v9`, "Rig"],
      ["of another group", "nobody.cortado.dev/v1", "Rig"],
    ])("%s are refused as not served", async (_, apiVersion, kind) => {
      const { cluster, namespace } = fixture();
      await expect(cluster.getReferred({ apiVersion, kind, name: "rig" }, namespace)).rejects.toMatchObject({
        name: "ClusterError",
        code: 404,
        reason: "NotServed",
      });
    });

    it("are walked through from what they own, to the last that exists", async () => {
      const { cluster, namespace } = fixture();
      const owned = cluster.adopt("Secret", {
        metadata: { name: "any", namespace, ...controlledBy("Rig", "rig", rig.metadata.uid) },
      });
      expect((await owned.owners()).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
        "Rig rig",
        "Fleet fleet",
      ]);
      const { metadata } = owned;
      const orphan = cluster.adopt("Secret", { metadata: { ...metadata, ...controlledBy("Rig", "rig", noUid) } });
      expect(await orphan.owners()).toEqual([]);
      const lost = cluster.adopt("Secret", { metadata: { ...metadata, ...controlledBy("Boat", "boat", noUid) } });
      expect(await lost.owners()).toMatchObject([{ kind: "Boat", metadata: { name: "boat" } }]);
    });
  });
}
