/** Objects as the API server sends them: its JSON, typed by client-node's models, with every timestamp a string. */

/** A client-node model as it looks in JSON: nothing converted, `Date`s are RFC 3339 strings. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  generateName?: string;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

/** Any object. What else it has is there too, at run time. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/** The JSON of a model, with metadata as it always is on a stored object. */
export type Stored<T> = Omit<{ [K in keyof T]: Json<T[K]> }, "metadata"> & { metadata: ObjectMeta };
