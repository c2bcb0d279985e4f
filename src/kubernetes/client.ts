/** The cluster port over an API server: the objects as the JSON that it sends. */
import type { KubeConfig } from "@kubernetes/client-node";
import { isAboutAnObject, readObject, refusal } from "./answers.ts";
import { type Api, type ApiRequest, type CallFacts, createApi, recorded } from "./api.ts";
import { narrow, unsignalled } from "./call-scope.ts";
import { connect, type HttpAnswer } from "./connection.ts";
import { deletion } from "./deletion.ts";
import { tried, trying } from "./dry-run.ts";
import { type EvictionMemory, evict } from "./evict.ts";
import { type Kind, kindOf } from "./kinds.ts";
import type { CallScope, Cluster, NewObject, Patch } from "./kubernetes.ts";
import { listAll } from "./list.ts";
import { readLogs } from "./logs.ts";
import { adopt } from "./members.ts";
import type { KubernetesObject } from "./objects.ts";
import { apiVersionOf, infoOf, isName, namespaceOf, pathOf, resourceOf } from "./paths.ts";
import { readProvider } from "./provider.ts";
import { type Discovered, readReferred } from "./referred.ts";
import { getFromService } from "./service-proxy.ts";
import { type Versions, withVersion } from "./versions.ts";

export interface ClusterOptions {
  /** Its name in Cortado's configuration. */
  readonly name: string;
  /** Kept and used for every call, so that renewed tokens and certificates are taken up. */
  readonly kubeConfig: KubeConfig;
  /** For one call with all its retries; default 10. Logs have 30. */
  readonly timeoutSeconds?: number;
  /** Whether this program runs in it; default: it does not. */
  readonly inside?: boolean;
}

/** A cluster with connections that must be closed. */
export interface ConnectedCluster extends Cluster {
  close(): void;
}

/** A cluster as its API server tells it. Opens no connection before the first call. */
export function createCluster({
  name,
  kubeConfig,
  timeoutSeconds = 10,
  inside = false,
}: ClusterOptions): ConnectedCluster {
  const connection = connect(kubeConfig);
  const api = createApi({ name, connection, timeoutMilliseconds: timeoutSeconds * 1000 });
  const cluster = view({ api, inside, versions: new Map(), discovered: new Map(), memory: {} }, {});
  return Object.assign(cluster, { close: connection.close });
}

/** What all views of one cluster share. */
interface Shared {
  readonly api: Api;
  readonly inside: boolean;
  readonly versions: Versions;
  readonly discovered: Discovered;
  readonly memory: { provider?: string } & EvictionMemory;
}

function view(shared: Shared, scope: CallScope): Cluster {
  const { api, versions, discovered, memory } = shared;

  const send = (kind: Kind, facts: CallFacts, request: (version: string) => ApiRequest): Promise<HttpAnswer> =>
    withVersion(api, versions, kind, scope.signal, (version) => api.send(facts, request(version), scope.signal));

  /** One call whose good answer is the object. */
  const write = <K extends Kind>(kind: K, facts: CallFacts, request: (version: string) => ApiRequest) =>
    recorded(scope, facts, async (note) => {
      const answer = await send(kind, facts, request);
      note(answer);
      return adopt(cluster, kind, readObject(api, facts, answer));
    });

  const cluster: Cluster = trying(scope, {
    name: api.name,
    inside: shared.inside,
    dryRun: scope.dryRun !== undefined,

    get: async (kind, name, namespace) => {
      const facts = factsOf("get", kind, namespace, name);
      if (!isName(name) || !isName(facts.namespace ?? "-")) return undefined;
      return recorded(scope, facts, async (note) => {
        const answer = await send(kind, facts, (version) => ({
          method: "GET",
          path: pathOf(kind, version, facts.namespace, name),
        }));
        note(answer);
        return answer.status === 404
          ? missing(api, facts, answer)
          : adopt(cluster, kind, readObject(api, facts, answer));
      });
    },

    getReferred: async (reference, namespace) => {
      const kind = kindOf(reference);
      if (kind !== undefined) return cluster.get(kind, reference.name, namespace);
      return readReferred(api, discovered, scope, { ...reference, namespace });
    },

    list: async (kind, options = {}) => {
      const namespace = infoOf(kind).namespaced ? options.namespace : undefined;
      const facts = { verb: "list", resource: resourceOf(kind), namespace };
      return recorded(scope, facts, async (note) => {
        const page = async (query: ApiRequest["query"]) => {
          const answer = await send(kind, facts, (version) => ({
            method: "GET",
            path: pathOf(kind, version, namespace),
            ...(query === undefined ? {} : { query }),
          }));
          note(answer);
          return readObject(api, facts, answer);
        };
        const items = await listAll(kind, page, options);
        return items.map((item) => adopt(cluster, kind, item));
      });
    },

    create: async (kind, object) => {
      const facts = factsOf("create", kind, object.metadata.namespace, object.metadata.name);
      return write(kind, facts, (version) => ({
        method: "POST",
        path: pathOf(kind, versionFor(kind, object, version), facts.namespace),
        query: tried(scope),
        body: bodyOf(kind, object, version),
      }));
    },

    update: async (kind, object) => {
      const facts = factsOf("update", kind, object.metadata.namespace, object.metadata.name);
      return write(kind, facts, (version) => ({
        method: "PUT",
        path: pathOf(kind, versionFor(kind, object, version), facts.namespace, object.metadata.name),
        query: tried(scope),
        body: bodyOf(kind, object, version),
      }));
    },

    patch: async (kind, name, namespace, patch) => {
      const facts = factsOf("patch", kind, namespace, name);
      return write(kind, facts, (version) => ({
        method: "PATCH",
        path: pathOf(kind, version, facts.namespace, name),
        query: tried(scope),
        body: patch.patch,
        contentType: patchTypes[patch.type],
      }));
    },

    delete: async (kind, name, namespace, options = {}) => {
      const facts = factsOf("delete", kind, namespace, name);
      if (!isName(name) || !isName(facts.namespace ?? "-")) return false;
      return recorded(scope, facts, async (note) => {
        const answer = await send(kind, facts, (version) => ({
          method: "DELETE",
          path: pathOf(kind, version, facts.namespace, name),
          body: deletion(options, scope),
        }));
        note(answer);
        if (answer.status === 404) missing(api, facts, answer);
        else readObject(api, facts, answer);
        return answer.status !== 404;
      });
    },

    evict: (namespace, pod, options = {}) => evict(api, memory, scope, { namespace, pod, options }),

    logs: (namespace, pod, options = {}) => readLogs(api, scope, { namespace, pod, options }),

    exec: async (namespace, pod, command, options = {}) => {
      const { execute } = await import("./exec.ts");
      return execute(api, scope, { namespace, pod, command, options });
    },

    getFromService: (request) => getFromService(api, scope, request),

    adopt: (kind, object) => adopt(cluster, kind, object),

    provider: async () => {
      memory.provider ??= await readProvider(cluster);
      return memory.provider;
    },

    within: (inner) => view(shared, narrow(scope, inner)),

    withoutSignal: () => view(shared, unsignalled(scope)),
  });
  return cluster;
}

function factsOf(verb: string, kind: Kind, namespace: string | undefined, name: string | undefined): CallFacts {
  return { verb, resource: resourceOf(kind), namespace: namespaceOf(kind, namespace), name };
}

/** A 404 that says that the object is missing; any other one, a proxy's for instance, is a refusal. */
function missing(api: Api, facts: CallFacts, answer: HttpAnswer): undefined {
  if (!isAboutAnObject(answer)) throw refusal(api, facts, answer);
}

/** The version in which the object is written, where it says one of its group; else the one served. */
function versionFor(kind: Kind, object: NewObject | KubernetesObject, served: string): string {
  const { group } = infoOf(kind);
  const [version = "", own = ""] = (object.apiVersion ?? "").split("/").reverse();
  return object.apiVersion !== undefined && own === group ? version : served;
}

const bodyOf = (kind: Kind, object: NewObject | KubernetesObject, served: string): object => ({
  ...object,
  apiVersion: apiVersionOf(kind, versionFor(kind, object, served)),
  kind,
});

const patchTypes: Readonly<Record<Patch["type"], string>> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
};
