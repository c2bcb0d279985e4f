/** What the API server adds to a new object. Only what readers look at; a real one adds more. */

import { isRecord, type JsonRecord } from "./json.ts";
import type { ApiObject } from "./store.ts";

/** Kinds whose spec has a generation from the start. */
const withGeneration = new Set([
  "DaemonSet",
  "Deployment",
  "Ingress",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "ReplicaSet",
  "StatefulSet",
]);

export function withDefaults(object: ApiObject): ApiObject {
  const { generation: _generation, ...metadata } = object.metadata;
  const stamped: ApiObject = {
    ...object,
    metadata: withGeneration.has(object.kind ?? "") ? { ...metadata, generation: 1 } : metadata,
  };
  return defaults[object.kind ?? ""]?.(stamped) ?? stamped;
}

const defaults: Readonly<Record<string, (object: ApiObject) => ApiObject>> = {
  Namespace: (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { "kubernetes.io/metadata.name": object.metadata.name, ...object.metadata.labels },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  Pod: ({ status: _status, ...object }) => ({
    ...object,
    spec: podSpec(object.spec),
    status: { phase: "Pending", qosClass: "BestEffort" },
  }),
  Secret: ({ stringData, ...object }) => ({
    ...object,
    type: object.type ?? "Opaque",
    ...(isRecord(stringData) || object.data !== undefined
      ? { data: { ...(isRecord(object.data) ? object.data : {}), ...encoded(stringData) } }
      : {}),
  }),
  Deployment: withReplicas,
  ReplicaSet: withReplicas,
  StatefulSet: withReplicas,
};

function withReplicas({ status: _status, ...object }: ApiObject): ApiObject {
  const spec = isRecord(object.spec) ? object.spec : {};
  return { ...object, metadata: object.metadata, spec: { replicas: 1, ...spec }, status: {} };
}

function podSpec(spec: unknown): JsonRecord {
  const given = isRecord(spec) ? spec : {};
  const { containers, initContainers } = given;
  return {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    serviceAccountName: "default",
    serviceAccount: "default",
    securityContext: {},
    schedulerName: "default-scheduler",
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: "PreemptLowerPriority",
    ...given,
    ...(containers === undefined ? {} : { containers: container(containers) }),
    ...(initContainers === undefined ? {} : { initContainers: container(initContainers) }),
  };
}

const container = (containers: unknown): unknown =>
  Array.isArray(containers)
    ? containers.map((one) => ({
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "IfNotPresent",
        ...(isRecord(one) ? one : {}),
      }))
    : containers;

const encoded = (stringData: unknown): JsonRecord =>
  isRecord(stringData)
    ? Object.fromEntries(
        Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]),
      )
    : {};
