/** What every implementation of an API server must do for each kind that has events: the same few calls for all of them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Kind, kinds } from "../../src/kubernetes/kinds.ts";
import type { Cluster, NewObject } from "../../src/kubernetes/kubernetes.ts";
import { resourceOf } from "../../src/kubernetes/paths.ts";

export interface KindsFixture {
  readonly cluster: Cluster;
  /** A namespace of the tests' own. */
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

const labels = { app: "kinds-conformance" };
const selector = { matchLabels: labels };
const containers = [{ name: "main", image: "localhost/pause:1" }];
const template = { metadata: { labels }, spec: { containers } };
const once = { metadata: { labels }, spec: { containers, restartPolicy: "Never" } };
const target = { apiVersion: "apps/v1", kind: "Deployment", name: "any" };
const rbac = "rbac.authorization.k8s.io";

/** What each kind needs beside its name: as little as an API server takes, and nothing that starts anything. */
const manifests: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  Pod: { spec: { containers } },
  Node: { spec: { unschedulable: true } },
  Deployment: { spec: { replicas: 0, selector, template } },
  ReplicaSet: { spec: { replicas: 0, selector, template } },
  StatefulSet: { spec: { replicas: 0, serviceName: "any", selector, template } },
  DaemonSet: { spec: { selector, template: { ...template, spec: { containers, nodeSelector: { no: "node" } } } } },
  Job: { spec: { parallelism: 0, template: once } },
  CronJob: { spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template: once } } } },
  HorizontalPodAutoscaler: { spec: { scaleTargetRef: target, maxReplicas: 2 } },
  PodDisruptionBudget: { spec: { minAvailable: 1, selector } },
  Service: { spec: { selector: labels, clusterIP: "None", ports: [{ port: 80 }] } },
  Ingress: { spec: { rules: [{ host: "shop.example.com" }] } },
  NetworkPolicy: { spec: { podSelector: selector, policyTypes: ["Ingress"] } },
  PersistentVolume: {
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/tmp/none" } },
  },
  PersistentVolumeClaim: {
    spec: { storageClassName: "none", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  ConfigMap: { data: { key: "value" } },
  Secret: { stringData: { key: "value" } },
  ServiceAccount: {},
  ClusterRole: { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
  ClusterRoleBinding: {
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "none" },
    subjects: [{ apiGroup: rbac, kind: "User", name: "nobody" }],
  },
  Namespace: {},
  Event: { reason: "Tested", message: "It was tested.", type: "Normal" },
};

export function clusterKindsConformance(name: string, make: () => Promise<KindsFixture>): void {
  describe(`the kinds of the cluster port on ${name}`, () => {
    let fixture: KindsFixture;
    beforeAll(async () => {
      fixture = await make();
    });
    afterAll(() => fixture.close());

    it.each(Object.keys(kinds) as Kind[])("%s: created, read, listed, patched and deleted", async (kind) => {
      const { cluster, namespace } = fixture;
      const { namespaced, group } = kinds[kind];
      const own = `kinds-${kind.toLowerCase()}-${namespace}`;
      const within = namespaced ? { namespace } : {};
      const about = { involvedObject: { kind: "Pod", name: "any", namespace } };
      const object: NewObject = {
        metadata: { name: own, labels, ...within },
        ...(kind === "Event" ? about : {}),
        ...manifests[kind],
      };
      const made = await cluster.create(kind, object);
      expect(made).toMatchObject({ kind, metadata: { name: own, labels, ...within } });
      expect(made.apiVersion).toMatch(group === "" ? /^v1$/ : new RegExp(`^${group}/v\\d`));

      const read = await cluster.get(kind, own, namespace);
      expect(read?.metadata.uid).toBe(made.metadata.uid);
      const listed = await cluster.list(kind, { ...within, fieldSelector: `metadata.name=${own}` });
      const { apiVersion } = made;
      expect(listed).toMatchObject([{ apiVersion, kind, metadata: { uid: made.metadata.uid } }]);
      expect(await listed[0]?.owners()).toEqual([]);

      const patch = { metadata: { annotations: { seen: "yes" } } };
      const patched = await cluster.patch(kind, own, namespace, { type: "merge", patch });
      expect(patched.metadata.annotations).toMatchObject({ seen: "yes" });

      expect(await cluster.delete(kind, own, namespace, { gracePeriodSeconds: 0 })).toBe(true);
      const gone = await cluster.get(kind, own, namespace);
      // What finalizers hold goes in its own time.
      expect(gone === undefined || gone.metadata.deletionTimestamp !== undefined).toBe(true);
      await expect(cluster.patch(kind, `${own}-none`, namespace, { type: "merge", patch })).rejects.toMatchObject({
        name: "ClusterError",
        code: 404,
        message: expect.stringContaining(resourceOf(kind)),
      });
    });
  });
}
