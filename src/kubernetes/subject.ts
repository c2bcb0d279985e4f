/** What a finding is about, read off an object. */
import type { Subject } from "../findings/finding.ts";
import type { Kind } from "./kinds.ts";
import type { KubernetesObject } from "./objects.ts";
import { infoOf, namespaceOf } from "./paths.ts";

interface Texts {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The object, with what an alert says on top of its own labels and annotations. */
export function subjectOf(kind: Kind, object: KubernetesObject, alert?: Texts): Subject {
  const { name, labels, annotations } = object.metadata;
  const namespace = infoOf(kind).namespaced ? object.metadata.namespace : undefined;
  const node = nodeOf(kind, object);
  return {
    name,
    kind: kind.toLowerCase(),
    ...(namespace === undefined ? {} : { namespace }),
    ...(node === undefined ? {} : { node }),
    ...containerOf(alert),
    labels: { ...labels, ...alert?.labels },
    annotations: { ...annotations, ...alert?.annotations },
  };
}

/** An object known by its name alone. */
export function subjectNamed(kind: Kind, name: string, namespace: string, alert: Texts): Subject {
  const within = namespaceOf(kind, namespace);
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

function nodeOf(kind: Kind, object: KubernetesObject & { readonly spec?: unknown }): string | undefined {
  if (kind === "Node") return object.metadata.name;
  if (kind !== "Pod" || typeof object.spec !== "object" || object.spec === null) return undefined;
  return "nodeName" in object.spec && typeof object.spec.nodeName === "string" ? object.spec.nodeName : undefined;
}

const containerOf = (alert: Texts | undefined) =>
  alert?.labels.container ? { container: alert.labels.container } : {};
