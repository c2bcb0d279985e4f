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
const rbac = { group: "rbac.authorization.k8s.io", version: "v1" } as const;

export const kinds = {
  Pod: { group: "", version: "v1", plural: "pods", model: "V1Pod", ...namespaced },
  Node: { group: "", version: "v1", plural: "nodes", model: "V1Node", ...clusterWide },
  Deployment: { group: "apps", version: "v1", plural: "deployments", model: "V1Deployment", ...namespaced },
  ReplicaSet: { group: "apps", version: "v1", plural: "replicasets", model: "V1ReplicaSet", ...namespaced },
  StatefulSet: { group: "apps", version: "v1", plural: "statefulsets", model: "V1StatefulSet", ...namespaced },
  DaemonSet: { group: "apps", version: "v1", plural: "daemonsets", model: "V1DaemonSet", ...namespaced },
  Job: { group: "batch", version: "v1", plural: "jobs", model: "V1Job", ...namespaced },
  CronJob: { group: "batch", version: "v1", plural: "cronjobs", model: "V1CronJob", ...namespaced },
  HorizontalPodAutoscaler: {
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    model: "V2HorizontalPodAutoscaler",
    ...namespaced,
  },
  PodDisruptionBudget: {
    group: "policy",
    version: "v1",
    plural: "poddisruptionbudgets",
    model: "V1PodDisruptionBudget",
    ...namespaced,
  },
  Service: { group: "", version: "v1", plural: "services", model: "V1Service", ...namespaced },
  Ingress: { group: "networking.k8s.io", version: "v1", plural: "ingresses", model: "V1Ingress", ...namespaced },
  NetworkPolicy: {
    group: "networking.k8s.io",
    version: "v1",
    plural: "networkpolicies",
    model: "V1NetworkPolicy",
    ...namespaced,
  },
  PersistentVolume: {
    group: "",
    version: "v1",
    plural: "persistentvolumes",
    model: "V1PersistentVolume",
    ...clusterWide,
  },
  PersistentVolumeClaim: {
    group: "",
    version: "v1",
    plural: "persistentvolumeclaims",
    model: "V1PersistentVolumeClaim",
    ...namespaced,
  },
  ConfigMap: { group: "", version: "v1", plural: "configmaps", model: "V1ConfigMap", ...namespaced },
  Secret: { group: "", version: "v1", plural: "secrets", model: "V1Secret", ...namespaced },
  ServiceAccount: { group: "", version: "v1", plural: "serviceaccounts", model: "V1ServiceAccount", ...namespaced },
  ClusterRole: { ...rbac, plural: "clusterroles", model: "V1ClusterRole", ...clusterWide },
  ClusterRoleBinding: { ...rbac, plural: "clusterrolebindings", model: "V1ClusterRoleBinding", ...clusterWide },
  Namespace: { group: "", version: "v1", plural: "namespaces", model: "V1Namespace", ...clusterWide },
  Event: { group: "", version: "v1", plural: "events", model: "CoreV1Event", ...namespaced },
} as const satisfies Record<string, KindInfo>;

export type Kind = keyof typeof kinds;

export const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);

/** The kind that a user means: in any case, in the singular or the plural, `deployment` or `Deployments`. */
export function kindNamed(text: string): Kind | undefined {
  const name = text.toLowerCase();
  return Object.keys(kinds)
    .filter(isKind)
    .find((kind) => [kind.toLowerCase(), kinds[kind].plural].includes(name));
}

interface Typed {
  readonly apiVersion?: string;
  readonly kind?: string;
}

/** Groups in which API servers have, or had, objects of the same kinds: old ones most, current ones Events. */
const alsoServedIn: ReadonlySet<string> = new Set(["extensions", "events.k8s.io"]);

/** The API group of an object; undefined where it does not say. */
export function groupOf({ apiVersion }: Typed): string | undefined {
  if (apiVersion === undefined) return undefined;
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** The kind that an object is of. Undefined for kinds that are not in the table, also where only their group is another. */
export function kindOf(object: Typed): Kind | undefined {
  const { kind = "" } = object;
  if (!isKind(kind)) return undefined;
  const group = groupOf(object);
  return group === undefined || group === kinds[kind].group || alsoServedIn.has(group) ? kind : undefined;
}
