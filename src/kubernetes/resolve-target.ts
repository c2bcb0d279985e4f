/** The object that somebody who runs an action by hand has named. */
import type { Target } from "../delivery.ts";
import { ClusterError, describeError } from "../errors.ts";
import { isKind } from "./kinds.ts";
import type { Cluster } from "./kubernetes.ts";
import { namespaceOf } from "./paths.ts";
import type { Resolved } from "./resolve.ts";
import { noSubject, subjectNamed, subjectOf } from "./subject.ts";

const unsaid = { labels: {}, annotations: {} };

/** Never throws a ClusterError: what the cluster refuses is in the result. */
export async function resolveTarget(target: Target | undefined, cluster: Cluster): Promise<Resolved> {
  const nothing: Resolved = { objects: {}, subject: noSubject(unsaid), notes: [], errors: {} };
  if (target === undefined || !isKind(target.kind)) return nothing;
  const { kind, name } = target;
  const namespace = namespaceOf(kind, target.namespace);
  const named = { ...nothing, subject: subjectNamed(kind, name, namespace ?? "", unsaid) };
  try {
    const object = await cluster.get(kind, name, namespace);
    if (object !== undefined) return { ...nothing, objects: { [kind]: object }, subject: subjectOf(kind, object) };
    const full = namespace === undefined ? name : `${namespace}/${name}`;
    return { ...named, notes: [`${kind} ${full} does not exist in the cluster.`] };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const note = `The cluster ${cluster.name} did not let Cortado read ${kind} ${name}: ${describeError(error)}`;
    return { ...named, notes: [note], errors: { [kind]: error } };
  }
}
