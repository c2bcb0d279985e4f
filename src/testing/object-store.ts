/** The objects of a fake cluster. What is asked of them is done, or refused as by an API server. */
import type { Kind } from "../kubernetes/kinds.ts";
import type { ListOptions, NewObject, Patch } from "../kubernetes/kubernetes.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { infoOf, namespaceOf } from "../kubernetes/paths.ts";
import { completeObject, type ObjectInput } from "./objects.ts";
import { jsonPatch, mergePatch, type Patched } from "./patch.ts";
import { fieldSelector, labelSelector } from "./selectors.ts";

/** Why a call is not done. */
export interface Refusal {
  /** HTTP status; 0 where there is no answer. */
  readonly code: number;
  /** Default: the one that belongs to the status, `Forbidden` for 403. */
  readonly reason?: string;
  readonly message?: string;
}

/** A refusal on its way to the view of the cluster that makes a ClusterError of it. */
export class RefusedError extends Error {
  override readonly name = "RefusedError" as const;
  readonly refusal: Refusal;

  constructor(code: number, message: string, reason?: string) {
    super(message);
    this.refusal = { code, message, ...(reason === undefined ? {} : { reason }) };
  }
}

/** Everything goes in and comes out as a copy. */
export class ObjectStore {
  readonly #objects = new Map<string, { readonly kind: Kind; readonly object: KubernetesObject }>();

  /** Another store of the same objects, on which a write can be tried. */
  copy(): ObjectStore {
    const copy = new ObjectStore();
    for (const [key, value] of this.#objects) copy.#objects.set(key, value);
    return copy;
  }

  put(kind: Kind, input: ObjectInput): KubernetesObject {
    const object = completeObject(kind, input);
    this.#objects.set(keyOf(kind, object.metadata.name, object.metadata.namespace), { kind, object });
    return structuredClone(object);
  }

  find(kind: Kind, name: string, namespace: string | undefined): KubernetesObject | undefined {
    return structuredClone(this.#objects.get(keyOf(kind, name, namespace))?.object);
  }

  /** By namespace, then by name. */
  list(kind: Kind, { namespace, labelSelector: labels = "", fieldSelector: fields = "", limit }: ListOptions) {
    const byLabels = labelSelector(labels);
    const byFields = fieldSelector(fields);
    if (!byLabels || !byFields) throw new RefusedError(400, `unable to parse the selector "${labels || fields}"`);
    const inNamespace = ({ metadata }: KubernetesObject) =>
      namespace === undefined || !infoOf(kind).namespaced || metadata.namespace === namespace;
    const selected = [...this.#objects]
      .filter(
        ([, { kind: own, object }]) => own === kind && inNamespace(object) && byLabels(object) && byFields(object),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return selected.slice(0, limit).map(([, { object }]) => structuredClone(object));
  }

  create(kind: Kind, input: NewObject): KubernetesObject {
    const { name = `${input.metadata.generateName ?? ""}${crypto.randomUUID().slice(0, 5)}` } = input.metadata;
    const namespace = namespaceOf(kind, input.metadata.namespace);
    if (this.find(kind, name, namespace)) throw new RefusedError(409, `"${name}" already exists`, "AlreadyExists");
    const own = { name, uid: crypto.randomUUID(), resourceVersion: "1", ...(namespace ? { namespace } : {}) };
    return this.put(kind, { ...input, metadata: { ...input.metadata, ...own } });
  }

  update(kind: Kind, object: KubernetesObject): KubernetesObject {
    const { name, namespace, resourceVersion } = object.metadata;
    const before = this.#existing(kind, name, namespace);
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
      throw new RefusedError(409, "the object has been modified; read it again and change that");
    }
    return this.#replace(kind, before, { ...object });
  }

  patch(kind: Kind, name: string, namespace: string | undefined, { type, patch }: Patch): KubernetesObject {
    const before = this.#existing(kind, name, namespace);
    const patched: Patched = type === "merge" ? { document: mergePatch(before, patch) } : jsonPatch(before, patch);
    if ("problem" in patched) throw new RefusedError(422, patched.problem, "Invalid");
    return this.#replace(kind, before, { ...Object(patched.document) });
  }

  /** False where it is gone already. */
  delete(kind: Kind, name: string, namespace: string | undefined, uid: string | undefined): boolean {
    const object = this.find(kind, name, namespace);
    if (object === undefined) return false;
    if (uid !== undefined && uid !== object.metadata.uid) {
      throw new RefusedError(409, `the uid in the precondition, ${uid}, is not the object's, ${object.metadata.uid}`);
    }
    return this.#objects.delete(keyOf(kind, name, namespace));
  }

  #existing(kind: Kind, name: string, namespace: string | undefined): KubernetesObject {
    const object = this.find(kind, name, namespace);
    if (object === undefined) throw new RefusedError(404, `"${name}" not found`);
    return object;
  }

  #replace(kind: Kind, { metadata }: KubernetesObject, after: ObjectInput): KubernetesObject {
    const { uid, name, namespace } = metadata;
    const resourceVersion = String(Number(metadata.resourceVersion) + 1);
    const own = { name, resourceVersion, ...(uid ? { uid } : {}), ...(namespace ? { namespace } : {}) };
    return this.put(kind, { ...after, metadata: { ...after.metadata, ...own } });
  }
}

const keyOf = (kind: Kind, name: string, namespace: string | undefined) =>
  [kind, namespaceOf(kind, namespace) ?? "", name].join("/");
