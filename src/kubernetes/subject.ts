/** What a finding is about, read off an object. */
import * as z from "zod";
import type { Subject } from "../findings/finding.ts";
import { type Kind, kindOf } from "./kinds.ts";
import type { KubernetesObject, OwnerReference } from "./objects.ts";
import { infoOf, namespaceOf } from "./paths.ts";
import { controllerOf } from "./pod-facts.ts";

interface Texts {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The object, with what an alert says on top of its own labels and annotations. */
export function subjectOf(kind: Kind, object: KubernetesObject, alert?: Texts): Subject {
  const { name, labels, annotations } = object.metadata;
  const namespace = namespaceIn(kind, name, object.metadata.namespace);
  const node = nodeOf(kind, object);
  return {
    name,
    kind: kind.toLowerCase(),
    ...(namespace === undefined ? {} : { namespace }),
    ...(node === undefined ? {} : { node }),
    ...containerOf(alert),
    ...workloadOf(object),
    labels: { ...labels, ...alert?.labels },
    annotations: { ...annotations, ...alert?.annotations },
  };
}

const Told = z.object({
  involvedObject: z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }),
});

/** Of an object that changed: the object; of an Event what the Event is about. */
export function subjectOfChange(kind: Kind, object: KubernetesObject): Subject {
  const about = kind === "Event" ? Told.safeParse(object).data?.involvedObject : undefined;
  if (about === undefined) return subjectOf(kind, object);
  return {
    name: about.name,
    kind: about.kind.toLowerCase(),
    ...(about.namespace === undefined ? {} : { namespace: about.namespace }),
    ...(about.kind === "Node" ? { node: about.name } : {}),
    labels: {},
    annotations: {},
  };
}

/** An object known by its name alone. */
export function subjectNamed(kind: Kind, name: string, namespace: string, alert: Texts): Subject {
  const within = namespaceIn(kind, name, namespaceOf(kind, namespace));
  return {
    name,
    kind: kind.toLowerCase(),
    ...(within === undefined ? {} : { namespace: within }),
    ...(kind === "Node" ? { node: name } : {}),
    ...containerOf(alert),
    labels: alert.labels,
    annotations: alert.annotations,
  };
}

/** An alert that names nothing. */
export function noSubject(alert: Texts): Subject {
  const { namespace } = alert.labels;
  return {
    name: "Unresolved",
    kind: "none",
    ...(namespace ? { namespace } : {}),
    ...containerOf(alert),
    labels: alert.labels,
    annotations: alert.annotations,
  };
}

/** The labels with the hash of a pod's template, by what makes replica sets that are named after it. https://argo-rollouts.readthedocs.io/ */
const hashLabels = { deployment: "pod-template-hash", rollout: "rollouts-pod-template-hash" } as const;

/** Of what controls the object, in so far as the object says it. */
export function workloadOf(object: KubernetesObject): Pick<Subject, "workload"> {
  const owner = controllerOf(object);
  if (owner === undefined) return {};
  return { workload: namedAfter(owner, object) ?? `${owner.kind.toLowerCase()}/${owner.name}` };
}

/** A pod of a deployment is owned by a replica set, which is named after the deployment and the hash that is the pod's label. */
function namedAfter(owner: OwnerReference, { metadata }: KubernetesObject): string | undefined {
  if (owner.kind !== "ReplicaSet") return undefined;
  for (const [kind, label] of Object.entries(hashLabels)) {
    const suffix = `-${metadata.labels?.[label]}`;
    if (owner.name.endsWith(suffix)) return `${kind}/${owner.name.slice(0, -suffix.length)}`;
  }
  return undefined;
}

/** What controls a pod and may itself be controlled by the workload, where no name tells by which. */
export function intermediateOf(pod: KubernetesObject): OwnerReference | undefined {
  const owner = controllerOf(pod);
  if (owner === undefined || namedAfter(owner, pod) !== undefined) return undefined;
  const kind = kindOf(owner);
  return kind === "ReplicaSet" || kind === "Job" ? owner : undefined;
}

/** A Namespace counts as within itself, so that what is said about namespaces holds for it too: of sinks, for instance. */
function namespaceIn(kind: Kind, name: string, namespace: string | undefined): string | undefined {
  if (kind === "Namespace") return name;
  return infoOf(kind).namespaced ? namespace : undefined;
}

function nodeOf(kind: Kind, object: KubernetesObject & { readonly spec?: unknown }): string | undefined {
  if (kind === "Node") return object.metadata.name;
  if (kind !== "Pod" || typeof object.spec !== "object" || object.spec === null) return undefined;
  return "nodeName" in object.spec && typeof object.spec.nodeName === "string" ? object.spec.nodeName : undefined;
}

const containerOf = (alert: Texts | undefined) =>
  alert?.labels.container ? { container: alert.labels.container } : {};
