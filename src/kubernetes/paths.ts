/** Where an object of a kind is in the API. https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
import { ClusterError } from "../errors.ts";
import { type Kind, type KindInfo, kinds } from "./kinds.ts";

/** As kubectl does where none is named. */
const defaultNamespace = "default";

export const infoOf = (kind: Kind): KindInfo => kinds[kind];

/** As in RBAC and in events: `pods`, `deployments.apps`. */
export const resourceOf = (kind: Kind): string => {
  const { group, plural } = infoOf(kind);
  return group === "" ? plural : `${plural}.${group}`;
};

export const apiVersionOf = (kind: Kind, version: string): string => {
  const { group } = infoOf(kind);
  return group === "" ? version : `${group}/${version}`;
};

/** The namespace that is meant; none for kinds that are in none. */
export const namespaceOf = (kind: Kind, namespace: string | undefined): string | undefined =>
  infoOf(kind).namespaced ? (namespace ?? defaultNamespace) : undefined;

/** Whether a path can hold this name at all. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
export const isName = (name: string): boolean => name !== "" && name !== "." && name !== ".." && !/[/%]/.test(name);

/** The path of a list (without a name) or an object. Throws a ClusterError for what cannot be a name. */
export function pathOf(kind: Kind, version: string, namespace: string | undefined, name?: string): string {
  const { group, plural } = infoOf(kind);
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? root : `${root}/namespaces/${segment(namespace)}`;
  return name === undefined ? `${within}/${plural}` : `${within}/${plural}/${segment(name)}`;
}

export function segment(name: string): string {
  if (isName(name)) return encodeURIComponent(name);
  throw new ClusterError(400, "BadRequest", `${JSON.stringify(name)} cannot be the name of a Kubernetes object.`);
}
