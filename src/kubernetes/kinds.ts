/**
 * The kinds that Cortado knows by name. One line here is all that a further kind needs: `npm run generate` writes its object type and
 * its event classes, and the loader, the triggers and the cluster port read this table.
 */

export interface KindInfo {
  /** "" is the core group. */
  readonly group: string;
  /** The version that current clusters serve; older clusters are asked what they have. */
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** The type of client-node that describes its JSON. */
  readonly model: string;
  /** Whether there are an event class and triggers for it. */
  readonly events: boolean;
}

const namespaced = { namespaced: true, events: true } as const;
const clusterWide = { namespaced: false, events: true } as const;
const readOnly = { events: false } as const;

export const kinds = {
  Pod: { group: "", version: "v1", plural: "pods", model: "V1Pod", ...namespaced },
  Node: { group: "", version: "v1", plural: "nodes", model: "V1Node", ...clusterWide },
  Deployment: { group: "apps", version: "v1", plural: "deployments", model: "V1Deployment", ...namespaced },
  ReplicaSet: { group: "apps", version: "v1", plural: "replicasets", model: "V1ReplicaSet", ...namespaced },
  StatefulSet: { group: "apps", version: "v1", plural: "statefulsets", model: "V1StatefulSet", ...namespaced },
  DaemonSet: { group: "apps", version: "v1", plural: "daemonsets", model: "V1DaemonSet", ...namespaced },
  Job: { group: "batch", version: "v1", plural: "jobs", model: "V1Job", ...namespaced },
  HorizontalPodAutoscaler: {
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    model: "V2HorizontalPodAutoscaler",
    ...namespaced,
  },
  Event: { group: "", version: "v1", plural: "events", model: "CoreV1Event", namespaced: true, ...readOnly },
  Secret: { group: "", version: "v1", plural: "secrets", model: "V1Secret", namespaced: true, ...readOnly },
  Namespace: { group: "", version: "v1", plural: "namespaces", model: "V1Namespace", namespaced: false, ...readOnly },
} as const satisfies Record<string, KindInfo>;

export type Kind = keyof typeof kinds;

export const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);
