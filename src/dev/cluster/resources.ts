/** The kinds that the embedded cluster serves: those of a plain Kubernetes, and whatever else its objects bring along. */

import { kinds } from "../../kubernetes/kinds.ts";
import { pluralOf } from "../../kubernetes/plural.ts";
import { isRecord } from "./json.ts";
import type { ApiObject } from "./store.ts";

export interface Resource {
  /** "" is the core group. */
  readonly group: string;
  /** Newest first; the first is the preferred one. */
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

const resource = (
  group: string,
  versions: string,
  kind: string,
  plural: string,
  scope: "namespaced" | "cluster",
  shortNames = "",
  subresources = "",
): Resource => ({
  group,
  versions: versions.split(" "),
  kind,
  plural,
  namespaced: scope === "namespaced",
  shortNames: shortNames.split(" ").filter(Boolean),
  subresources: subresources.split(" ").filter(Boolean),
});

const rbac = "rbac.authorization.k8s.io";

const table: readonly Resource[] = [
  resource("", "v1", "ConfigMap", "configmaps", "namespaced", "cm"),
  resource("", "v1", "Endpoints", "endpoints", "namespaced", "ep"),
  resource("", "v1", "Event", "events", "namespaced", "ev"),
  resource("", "v1", "LimitRange", "limitranges", "namespaced", "limits"),
  resource("", "v1", "Namespace", "namespaces", "cluster", "ns", "status"),
  resource("", "v1", "Node", "nodes", "cluster", "no", "status"),
  resource("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "namespaced", "pvc", "status"),
  resource("", "v1", "PersistentVolume", "persistentvolumes", "cluster", "pv", "status"),
  resource("", "v1", "Pod", "pods", "namespaced", "po", "eviction exec log status"),
  resource("", "v1", "ResourceQuota", "resourcequotas", "namespaced", "quota", "status"),
  resource("", "v1", "Secret", "secrets", "namespaced"),
  resource("", "v1", "ServiceAccount", "serviceaccounts", "namespaced", "sa"),
  resource("", "v1", "Service", "services", "namespaced", "svc", "status"),
  resource("apps", "v1", "DaemonSet", "daemonsets", "namespaced", "ds", "status"),
  resource("apps", "v1", "Deployment", "deployments", "namespaced", "deploy", "scale status"),
  resource("apps", "v1", "ReplicaSet", "replicasets", "namespaced", "rs", "scale status"),
  resource("apps", "v1", "StatefulSet", "statefulsets", "namespaced", "sts", "scale status"),
  resource("batch", "v1", "CronJob", "cronjobs", "namespaced", "cj", "status"),
  resource("batch", "v1", "Job", "jobs", "namespaced", "", "status"),
  resource(
    "autoscaling",
    "v2 v1",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
    "namespaced",
    "hpa",
    "status",
  ),
  resource("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "namespaced", "pdb", "status"),
  resource("networking.k8s.io", "v1", "IngressClass", "ingressclasses", "cluster"),
  resource("networking.k8s.io", "v1", "Ingress", "ingresses", "namespaced", "ing", "status"),
  resource("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "namespaced", "netpol"),
  resource(rbac, "v1", "ClusterRoleBinding", "clusterrolebindings", "cluster"),
  resource(rbac, "v1", "ClusterRole", "clusterroles", "cluster"),
  resource(rbac, "v1", "RoleBinding", "rolebindings", "namespaced"),
  resource(rbac, "v1", "Role", "roles", "namespaced"),
  resource("storage.k8s.io", "v1", "StorageClass", "storageclasses", "cluster", "sc"),
  resource("coordination.k8s.io", "v1", "Lease", "leases", "namespaced"),
  resource("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "cluster", "pc"),
  resource(
    "apiextensions.k8s.io",
    "v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    "cluster",
    "crd",
    "status",
  ),
];

/** A kind that the cluster port learns is served without a line above. */
const builtIn: readonly Resource[] = [
  ...table,
  ...Object.entries(kinds)
    .filter(([kind, { group }]) => !table.some((one) => one.kind === kind && one.group === group))
    .map(([kind, { group, version, plural, namespaced }]) =>
      resource(group, version, kind, plural, namespaced ? "namespaced" : "cluster", "", "status"),
    ),
];

export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export const joinApiVersion = (group: string, version: string): string =>
  group === "" ? version : `${group}/${version}`;

/** What is served now. Grows as objects of unknown kinds and CustomResourceDefinitions come. */
export class Resources {
  readonly #all: Resource[];

  /** @param versions Served versions by group, newest first, where they differ: `{ autoscaling: ["v2beta2", "v1"] }`. */
  constructor(versions: Readonly<Record<string, readonly string[]>> = {}) {
    this.#all = builtIn.map((one) => ({ ...one, versions: versions[one.group] ?? one.versions }));
  }

  all(): readonly Resource[] {
    return this.#all;
  }

  /** By what stands in a URL. */
  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#all.find((one) => one.group === group && one.plural === plural && one.versions.includes(version));
  }

  /** By what stands in an object; without a group, the first kind of that name. */
  ofKind(kind: string, group?: string): Resource | undefined {
    return this.#all.find((one) => one.kind === kind && (group === undefined || one.group === group));
  }

  /** The resource that an object belongs to, made up from its own words where nothing better is known. */
  of(object: ApiObject): Resource {
    const { group, version } = splitApiVersion(object.apiVersion ?? "v1");
    const kind = object.kind ?? "";
    const known = this.ofKind(kind, group);
    if (known !== undefined) return known;
    const scope = object.metadata.namespace === undefined ? "cluster" : "namespaced";
    const learnt = resource(group, version, kind, pluralOf(kind), scope, "", "status");
    this.#all.push(learnt);
    return learnt;
  }

  /** What a CustomResourceDefinition defines is served from now on; of any other object nothing is learnt. */
  learn({ kind, spec }: ApiObject): void {
    if (kind !== "CustomResourceDefinition" || !isRecord(spec) || !isRecord(spec.names)) return;
    const { group, names, scope, versions } = spec;
    const versionNames = Array.isArray(versions) ? versions.flatMap((one) => (isRecord(one) ? [one.name] : [])) : [];
    const at = this.#all.findIndex((one) => one.group === group && one.kind === names.kind);
    if (at >= 0) this.#all.splice(at, 1);
    this.#all.push({
      ...resource(
        String(group),
        versionNames.join(" "),
        String(names.kind),
        String(names.plural),
        scope === "Cluster" ? "cluster" : "namespaced",
        "",
        "status",
      ),
    });
  }
}
