/** The objects of the embedded cluster, with one counter of resource versions and a history for watches. */

import { randomUUID } from "node:crypto";
import type { KubernetesObject } from "../../kubernetes/objects.ts";
import { timestamp } from "./json.ts";
import type { Resource, Resources } from "./resources.ts";

/** Any object as JSON. */
export interface ApiObject extends KubernetesObject {
  [field: string]: unknown;
}

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: Resource;
  readonly object: ApiObject;
  /** What a watcher may have seen before: an object that no longer fits its selector is gone for it. */
  readonly before?: ApiObject;
  readonly revision: number;
}

/** How many changes a watch can look back. */
const historyLength = 2000;

export class ObjectStore {
  readonly #objects = new Map<string, ApiObject>();
  readonly #history: Change[] = [];
  readonly #watchers = new Set<(change: Change) => void>();
  readonly #resources: Resources;
  #revision = 0;

  constructor(resources: Resources) {
    this.#resources = resources;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision from which a watch can begin. */
  get oldestRevision(): number {
    return this.#history.length < historyLength ? 0 : (this.#history[0]?.revision ?? 0);
  }

  find(resource: Resource, name: string, namespace?: string): ApiObject | undefined {
    const found = this.#objects.get(keyOf(resource, name, namespace));
    return found === undefined ? undefined : structuredClone(found);
  }

  /** In the order of etcd's keys: by namespace, then by name. */
  list(resource: Resource, namespace?: string): ApiObject[] {
    const prefix = namespace === undefined ? keyPrefix(resource) : `${keyPrefix(resource)}${namespace}/`;
    return [...this.#objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => structuredClone(object));
  }

  everything(): ApiObject[] {
    return [...this.#objects.values()].map((object) => structuredClone(object));
  }

  /** Adds or replaces, fills in what every stored object has, and gives it the next resource version. */
  write(resource: Resource, object: ApiObject): ApiObject {
    const { metadata } = object;
    const key = keyOf(resource, metadata.name, metadata.namespace);
    const before = this.#objects.get(key);
    this.#revision += 1;
    const stored: ApiObject = structuredClone({
      ...withoutEmpty(object),
      metadata: {
        ...withoutEmpty(metadata),
        name: metadata.name,
        uid: metadata.uid ?? before?.metadata.uid ?? randomUUID(),
        resourceVersion: String(this.#revision),
        creationTimestamp: metadata.creationTimestamp ?? before?.metadata.creationTimestamp ?? timestamp(Date.now()),
      },
    });
    this.#objects.set(key, stored);
    this.#resources.learn(stored);
    this.#tell(before === undefined ? "ADDED" : "MODIFIED", resource, stored, before);
    return structuredClone(stored);
  }

  erase(resource: Resource, name: string, namespace?: string): ApiObject | undefined {
    const key = keyOf(resource, name, namespace);
    const gone = this.#objects.get(key);
    if (gone === undefined) return undefined;
    this.#objects.delete(key);
    this.#revision += 1;
    const last = { ...gone, metadata: { ...gone.metadata, resourceVersion: String(this.#revision) } };
    this.#tell("DELETED", resource, last, gone);
    return structuredClone(last);
  }

  /** What changed after a revision, and then everything as it happens until the returned function is called. */
  watch(revision: number, listener: (change: Change) => void): () => void {
    for (const change of this.#history) if (change.revision > revision) listener(change);
    this.#watchers.add(listener);
    return () => {
      this.#watchers.delete(listener);
    };
  }

  resourceOf(object: ApiObject): Resource {
    return this.#resources.of(object);
  }

  #tell(type: Change["type"], resource: Resource, object: ApiObject, before: ApiObject | undefined): void {
    const change: Change = {
      type,
      resource,
      object: structuredClone(object),
      revision: this.#revision,
      ...(before === undefined ? {} : { before }),
    };
    this.#history.push(change);
    if (this.#history.length > historyLength) this.#history.shift();
    for (const watcher of this.#watchers) watcher(change);
  }
}

/** Go leaves these members out where there is nothing in them. */
const omittedEmpty = new Set(["annotations", "binaryData", "data", "finalizers", "labels", "ownerReferences"]);

const withoutEmpty = <T extends object>(record: T): Partial<T> & Record<string, unknown> => {
  const isEmpty = (value: unknown): boolean =>
    typeof value === "object" && value !== null && Object.keys(value).length === 0;
  const kept = Object.entries(record).filter(([key, value]) => !(omittedEmpty.has(key) && isEmpty(value)));
  return Object.assign<Partial<T>, Record<string, unknown>>({}, Object.fromEntries(kept));
};

const keyPrefix = ({ group, plural }: Resource): string => `${group}/${plural}/`;

const keyOf = (resource: Resource, name: string, namespace: string | undefined): string =>
  resource.namespaced ? `${keyPrefix(resource)}${namespace ?? "default"}/${name}` : `${keyPrefix(resource)}${name}`;
