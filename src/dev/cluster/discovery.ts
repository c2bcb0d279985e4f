/** What the API says of itself: its version, its groups, and the resources of each. */

import type { JsonRecord } from "./json.ts";
import { joinApiVersion, type Resource, type Resources } from "./resources.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Subresources that are not read, patched and replaced as a view of their object. */
const subresourceKinds: Readonly<Record<string, JsonRecord>> = {
  eviction: { group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] },
  exec: { kind: "PodExecOptions", verbs: ["create", "get"] },
  log: { kind: "Pod", verbs: ["get"] },
  scale: { group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] },
};

export const versionOf = (gitVersion: string): JsonRecord => {
  const [, major = "1", minor = "34"] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    gitVersion,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "",
    goVersion: "",
    compiler: "",
    platform: "linux/amd64",
  };
};

export const coreVersions = (address: string): JsonRecord => ({
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
});

export function groupList(resources: Resources): JsonRecord {
  const names = new Set(resources.all().map(({ group }) => group));
  names.delete("");
  return { kind: "APIGroupList", apiVersion: "v1", groups: [...names].map((name) => groupBody(resources, name)) };
}

export function group(resources: Resources, name: string): JsonRecord | undefined {
  const known = resources.all().some((one) => one.group === name);
  return known ? { kind: "APIGroup", apiVersion: "v1", ...groupBody(resources, name) } : undefined;
}

function groupBody(resources: Resources, name: string): JsonRecord {
  const members = resources.all().filter((one) => one.group === name);
  const versions = [...new Set(members.flatMap((one) => one.versions))].map((version) => ({
    groupVersion: joinApiVersion(name, version),
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

export function resourceList(resources: Resources, groupName: string, version: string): JsonRecord | undefined {
  const members = resources.all().filter((one) => one.group === groupName && one.versions.includes(version));
  if (members.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: joinApiVersion(groupName, version),
    resources: members.flatMap((one) => [describe(one), ...one.subresources.map((name) => describeSub(one, name))]),
  };
}

const describe = ({ plural, namespaced, kind, shortNames }: Resource): JsonRecord => ({
  name: plural,
  singularName: kind.toLowerCase(),
  namespaced,
  kind,
  verbs: plural === "namespaces" ? verbs.filter((verb) => verb !== "deletecollection") : verbs,
  ...(shortNames.length === 0 ? {} : { shortNames }),
});

const describeSub = ({ plural, namespaced, kind }: Resource, name: string): JsonRecord => ({
  name: `${plural}/${name}`,
  singularName: "",
  namespaced,
  kind,
  verbs: ["get", "patch", "update"],
  ...subresourceKinds[name],
});
