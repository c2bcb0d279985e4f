/** The cluster port: one Kubernetes cluster, as actions and the resolver reach it. */

import type { Kind } from "./kinds.ts";
import type { KubernetesEvent, KubernetesNode, ObjectTypes } from "./objects.gen.ts";
import type { KubernetesObject, ObjectMeta, OwnerReference } from "./objects.ts";

export interface Cluster {
  /** Its name in Cortado's configuration. */
  readonly name: string;

  /** Whether this program runs in the cluster, where the addresses of its Services lead somewhere. */
  readonly inside: boolean;

  /** Whether nothing is changed there: writes are only tried, and commands are not run. What an object is after them never comes about. */
  readonly dryRun: boolean;

  /** The object, or undefined where there is none of that name. Throws a ClusterError for every other refusal. */
  get<K extends Kind>(kind: K, name: string, namespace?: string): Promise<ObjectTypes[K] | undefined>;

  /**
   * The object of any kind, a custom resource for instance, that a reference names: by its version, kind and name, in the namespace where its
   * kind is in one. Undefined where there is none. Throws a ClusterError for every other refusal; where the cluster has no such kind, one
   * with the reason `NotServed`. Costs a call more for the first of a group and version.
   */
  getReferred(reference: Reference, namespace?: string): Promise<KubernetesObject | undefined>;

  list<K extends Kind>(kind: K, options?: ListOptions): Promise<ObjectTypes[K][]>;

  create<K extends Kind>(kind: K, object: NewObject): Promise<ObjectTypes[K]>;

  /** Replaces the object; its `metadata.resourceVersion` makes it refuse (409) where somebody was faster. */
  update<K extends Kind>(kind: K, object: ChangedObject): Promise<ObjectTypes[K]>;

  patch<K extends Kind>(kind: K, name: string, namespace: string | undefined, patch: Patch): Promise<ObjectTypes[K]>;

  /** False where it was gone already. With `uid`, an object of the same name made since is left alone (409). */
  delete(kind: Kind, name: string, namespace?: string, options?: DeleteOptions): Promise<boolean>;

  /**
   * Asks for the pod to be deleted as a drained node's are, unless a disruption budget speaks against it: then a ClusterError with the code
   * 429, which is not tried again here. False where the pod was gone already. With `uid`, another pod of the name is left alone (409).
   * https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
   */
  evict(namespace: string, pod: string, options?: DeleteOptions): Promise<boolean>;

  /** A container's log, or undefined where there is none (the pod is gone, the container has no previous one). */
  logs(namespace: string, pod: string, options?: LogOptions): Promise<string | undefined>;

  /** Runs a command in a container. Throws a ClusterError where it could not be started or its end is unknown. */
  exec(namespace: string, pod: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult>;

  /**
   * What a Service answers to a GET that the API server passes on to it, whatever its status: the way there from outside the cluster. Throws
   * a ClusterError where the API server refuses it, and where nothing stands behind the Service.
   */
  getFromService(request: ServiceRequest): Promise<ServiceAnswer>;

  /** The typed object for JSON that came another way, in an event for instance: the same members, the same JSON. */
  adopt<K extends Kind>(kind: K, object: KubernetesObject): ObjectTypes[K];

  /** Who runs the cluster (`EKS`, `GKE`, `Kind`, …), read off a node once; `Unknown` where that tells nothing. */
  provider(): Promise<string>;

  /** The same cluster, with every call under this signal and reported to this observer. */
  within(scope: CallScope): Cluster;

  /**
   * The same cluster, whose calls no signal ends: to take back in a `finally` what an action has made. An action has five seconds for that
   * once its signal has aborted.
   */
  withoutSignal(): Cluster;
}

/** As in an `ownerReferences` or a `scaleTargetRef`. */
export type Reference = Pick<OwnerReference, "apiVersion" | "kind" | "name">;

export interface ListOptions {
  readonly namespace?: string;
  /** As in `kubectl -l`: `app=checkout,tier!=cache`. */
  readonly labelSelector?: string;
  /** As in `kubectl --field-selector`: `involvedObject.name=web-0`. */
  readonly fieldSelector?: string;
  /** At most so many; all of them, in pages of 500, where absent. */
  readonly limit?: number;
}

export type NewObject = Omit<KubernetesObject, "metadata"> & {
  readonly metadata: Partial<ObjectMeta>;
  readonly [field: string]: unknown;
};

/** An object as it was read, or a copy with fields changed. */
export type ChangedObject = KubernetesObject | (KubernetesObject & { readonly [field: string]: unknown });

/** A merge patch is an object (RFC 7386), a JSON patch a list of operations (RFC 6902). */
export type Patch =
  | { readonly type: "merge"; readonly patch: Readonly<Record<string, unknown>> }
  | { readonly type: "json"; readonly patch: readonly Readonly<Record<string, unknown>>[] };

export interface DeleteOptions {
  readonly uid?: string;
  readonly gracePeriodSeconds?: number;
}

export interface LogOptions {
  /** Default: the one named by `kubectl.kubernetes.io/default-container`, else the first in the spec. */
  readonly container?: string;
  /** Of the container's last run before this one. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** Default 10 MiB: what is older is left out. */
  readonly limitBytes?: number;
}

export interface ExecOptions {
  readonly container?: string;
  /** Default 60. The command may go on in the container; its output until then is in the error. */
  readonly timeoutSeconds?: number;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
  readonly exitCode: number;
  /** In a dry run: the command was not run, and the rest is what one that says nothing and succeeds leaves. */
  readonly notRun?: true;
}

export interface ServiceRequest {
  readonly namespace: string;
  readonly name: string;
  /** Its number or its name. */
  readonly port: number | string;
  /** `/api/v1/query` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Default 10 MiB: of a longer answer the beginning is missing. */
  readonly limitBytes?: number;
}

export interface ServiceAnswer {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  /** Whether it was longer than the limit. */
  readonly cut: boolean;
}

export interface CallScope {
  readonly signal?: AbortSignal;
  readonly onCall?: (call: ClusterCall) => void;
  /** Where objects may be touched; what is elsewhere, or in no namespace, is refused (403). Absent: everywhere. */
  readonly namespaces?: readonly string[];
  /** Present: nothing is changed, and what would have been is told here. */
  readonly dryRun?: DryRun;
}

/** A dry run, and what it has found until now. */
export interface DryRun {
  /** In the order of the calls. */
  readonly effects: readonly ClusterEffect[];
  add(effect: ClusterEffect): void;
}

/** What a call would have done. */
export interface ClusterEffect {
  /** `create`, `update`, `patch`, `delete`, `evict`, `exec`. */
  readonly verb: "create" | "update" | "patch" | "delete" | "evict" | "exec";
  /** As in RBAC: `pods`, `deployments.apps`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  /** As it is; of what would have been updated or patched. */
  readonly before?: KubernetesObject;
  /** As the API server says it would have become; of what would have been created, updated or patched. */
  readonly after?: KubernetesObject;
  /** What would have been run. */
  readonly command?: readonly string[];
}

/** One call to the API server, for the record. */
export interface ClusterCall {
  /** As in RBAC: `get`, `list`, `create`, `update`, `patch`, `delete`. */
  readonly verb: string;
  /** As in RBAC: `pods`, `pods/log`, `deployments.apps`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  readonly milliseconds: number;
  /** It was only tried. */
  readonly dryRun?: true;
}

/** What a pod can do beside being its JSON. */
export interface PodMembers {
  /** A container's log after filtering and redaction; undefined where there is none. */
  logs(options?: PodLogOptions): Promise<string | undefined>;
  /** Runs a shell command (`sh -c`) or a list of arguments in the pod. */
  exec(command: string | readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** The node it runs on, where it runs on one that exists. */
  node(): Promise<KubernetesNode | undefined>;
}

export interface PodLogOptions extends LogOptions {
  /** Keeps the lines in which this is found (RE2 syntax). */
  readonly filterRegex?: string;
  /** Replaces what these find (RE2 syntax). */
  readonly redact?: readonly { readonly name?: string; readonly regex: string }[];
  /** `same_length_asterisks`, or `named`: `[NAME]`. Default: the latter. */
  readonly redactionStyle?: "same_length_asterisks" | "named";
}

/** What every object can do beside being its JSON. */
export interface ObjectMembers {
  /** The events about it, oldest first. */
  events(): Promise<KubernetesEvent[]>;
  /**
   * Its controller, that one's controller, and so on, as far as they exist. One of a kind that is not a `Kind`, a Rollout for instance, that
   * Cortado may not read is the last, and is no more than the reference to it says: its version, kind, name and uid, in the object's
   * namespace.
   */
  owners(): Promise<KubernetesObject[]>;
}
