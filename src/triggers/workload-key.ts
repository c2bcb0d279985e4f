/**
 * What the rate limit of a trigger counts for: the workload, so that neither the next pod nor the next rollout is something new. The
 * object's name and owners tell it, without asking the cluster; where they mislead, two things are told as rarely as one.
 */
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { workloadOf } from "../kubernetes/subject.ts";

/** The characters of what Kubernetes generates: https://pkg.go.dev/k8s.io/apimachinery/pkg/util/rand */
const generated = "[bcdfghjklmnpqrstvwxz2456789]";

/** What is generated at the end of names, by kind. The pods of a StatefulSet are counted; jobs of a CronJob have the minute they were due. */
const suffixes: Readonly<Record<string, RegExp>> = {
  pod: new RegExp(`(?:-${generated}{6,10}-${generated}{5}|-\\d{8}-${generated}{5}|-${generated}{5}|-\\d{1,4})$`),
  replicaset: new RegExp(`-${generated}{6,10}$`),
  job: /-\d{8}$/,
};

/** `deployment shop/checkout`, of a pod that belongs to it; `pod shop/one` of one that nothing controls. */
export function workloadKey(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  const [kind = "", owner = ""] = workloadOf(object).workload?.split("/") ?? [];
  // Pods that the kubelet has from a file belong to their node, each for itself.
  if (owner === "" || kind === "node") return inWords(object.kind, name, namespace);
  return inWords(kind, withoutSuffix(kind, owner), namespace);
}

/** The same of an object that is known by its name alone: `pod shop/checkout`, of any of its pods. */
export const workloadKeyNamed = (kind: string, name: string, namespace: string | undefined): string =>
  inWords(kind, withoutSuffix(kind.toLowerCase(), name), namespace);

const withoutSuffix = (kind: string, name: string): string => name.replace(suffixes[kind] ?? "", "");

const inWords = (kind: string | undefined, name: string, namespace: string | undefined): string =>
  `${kind?.toLowerCase() ?? "object"} ${namespace === undefined ? name : `${namespace}/${name}`}`;
