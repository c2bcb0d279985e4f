/**
 * A Kubernetes API on a loopback port for demos and tests: discovery, objects with selectors, conflicts, patches and watches, scripted logs,
 * and exec over the real WebSocket protocol. Its answers are the real API server's in form and words. Nothing runs in it: no controller
 * acts on workloads, logs and commands are scripted (cluster/scripts.ts has the annotations that do so in YAML), a pod that comes
 * without a status runs at once, and a job that is made through the API ends at once (cluster/jobs.ts).
 */

import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { type Api, startPod } from "./cluster/api.ts";
import { type Fault, Faults } from "./cluster/faults.ts";
import { loadObjects } from "./cluster/objects.ts";
import { type Resource, Resources } from "./cluster/resources.ts";
import { type ExecScript, type LogScript, Scripts } from "./cluster/scripts.ts";
import { ApiServer, type RequestRecord } from "./cluster/server.ts";
import type { Attributes } from "./cluster/status.ts";
import { type ApiObject, ObjectStore } from "./cluster/store.ts";

export type { ApiObject, Attributes, ExecScript, Fault, LogScript, RequestRecord };

export interface EmbeddedClusterOptions {
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Objects, or paths of YAML and JSON files and folders. Default: the small shop in src/dev/objects. */
  readonly objects?: readonly (ApiObject | string)[];
  /**
   * The bearer token that requests must carry. Default: the kubeconfig has one, and requests without any are served too, as kubectl
   * sends no token over plain http.
   */
  readonly token?: string;
  /** What /version says. Default v1.34.1. */
  readonly version?: string;
  /** Served versions by group, newest first, where they differ: `{ autoscaling: ["v2beta2", "v1"] }` is an old cluster. */
  readonly groupVersions?: Readonly<Record<string, readonly string[]>>;
  /** Whether the token's user may; what it may not is answered with 403. Default: everything. */
  readonly authorize?: (attributes: Attributes) => boolean;
  /** PEM of a key and its certificate: HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** The objects as a test sees them, past HTTP. */
export interface ClusterObjects {
  /** Adds or replaces as given; only what every stored object has (uid, times, versions, a running pod's status) is filled in. */
  put(object: ApiObject): ApiObject;
  get(kind: string, name: string, namespace?: string): ApiObject | undefined;
  list(kind: string, namespace?: string): ApiObject[];
  /** False where there was none. Finalizers do not hold it back. */
  remove(kind: string, name: string, namespace?: string): boolean;
}

export interface EmbeddedCluster {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** YAML for kubectl and client-node. The latter takes plain http only with insecure-skip-tls-verify, so that is set. */
  readonly kubeconfig: string;
  readonly objects: ClusterObjects;
  readonly scripts: {
    log(script: LogScript): void;
    exec(script: ExecScript): void;
    /** An image that no node can pull, as far as jobs go: pods that are made as such run with any. */
    missingImage(image: string): void;
  };
  readonly faults: {
    add(fault: Fault): void;
    clear(): void;
  };
  /** What was asked so far, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** TCP connections so far; with TLS, each is a handshake. */
  connections(): number;
  close(): Promise<void>;
}

/** @throws ConfigurationError where `objects` cannot be read; the system's error where the port is taken. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const resources = new Resources(options.groupVersions);
  const store = new ObjectStore(resources);
  const scripts = new Scripts();
  const faults = new Faults();
  const token = options.token ?? "embedded";
  fill(store, await readObjects(options.objects));
  const api: Api = {
    store,
    resources,
    scripts,
    token,
    anonymous: options.token === undefined,
    version: options.version ?? "v1.34.1",
    authorize: options.authorize ?? (() => true),
  };
  const server = new ApiServer({ api, faults, tls: options.tls });
  const port = await server.listen(options.port ?? 0);
  const url = `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  return {
    url,
    kubeconfig: kubeconfigOf(url, token, options.tls?.cert),
    objects: objectsOf(store, resources),
    scripts,
    faults,
    requests: server.requests,
    connections: () => server.connections,
    close: () => server.close(),
  };
}

const shop = fileURLToPath(new URL("objects", import.meta.url));

async function readObjects(given: readonly (ApiObject | string)[] = [shop]): Promise<ApiObject[]> {
  const read = given.map((one) => (typeof one === "string" ? loadObjects([one]) : [one]));
  return (await Promise.all(read)).flat();
}

/** Definitions first, so that their objects find them; then whatever namespaces are missing; nodes before the pods that run on them. */
function fill(store: ObjectStore, objects: readonly ApiObject[]): void {
  const order = ["CustomResourceDefinition", "Namespace", "Node"];
  const rank = ({ kind = "" }: ApiObject): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
  for (const name of ["default", "kube-system"]) put(store, namespace(name));
  for (const object of [...objects].sort((a, b) => rank(a) - rank(b))) put(store, object);
}

const namespace = (name: string): ApiObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
  spec: { finalizers: ["kubernetes"] },
  status: { phase: "Active" },
});

function put(store: ObjectStore, object: ApiObject): ApiObject {
  const resource = store.resourceOf(object);
  const placed = place(resource, object);
  const home = placed.metadata.namespace;
  const namespaces = store.resourceOf(namespace("default"));
  if (home !== undefined && store.find(namespaces, home) === undefined) put(store, namespace(home));
  const written = store.write(resource, placed);
  return object.kind === "Pod" && object.status === undefined ? startPod(store, written) : written;
}

function place({ namespaced }: Resource, object: ApiObject): ApiObject {
  const { namespace: home = "default", ...metadata } = object.metadata;
  return { ...object, metadata: namespaced ? { ...metadata, namespace: home } : metadata };
}

function objectsOf(store: ObjectStore, resources: Resources): ClusterObjects {
  const home = (resource: Resource, given: string | undefined) =>
    resource.namespaced ? (given ?? "default") : undefined;
  return {
    put: (object) => put(store, object),
    get(kind, name, given) {
      const resource = resources.ofKind(kind);
      return resource === undefined ? undefined : store.find(resource, name, home(resource, given));
    },
    list(kind, given) {
      const resource = resources.ofKind(kind);
      return resource === undefined ? [] : store.list(resource, given);
    },
    remove(kind, name, given) {
      const resource = resources.ofKind(kind);
      return resource !== undefined && store.erase(resource, name, home(resource, given)) !== undefined;
    },
  };
}

function kubeconfigOf(url: string, token: string, certificate: string | undefined): string {
  const name = "embedded";
  const trust =
    certificate === undefined
      ? { "insecure-skip-tls-verify": true }
      : { "certificate-authority-data": Buffer.from(certificate).toString("base64") };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url, ...trust } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
    "current-context": name,
  });
}
