/** A cluster port over objects in memory, for tests of actions: it answers as the port says, and remembers what it was asked. */
import { ClusterError } from "../errors.ts";
import { marks, narrow, requireWithin, unsignalled } from "../kubernetes/call-scope.ts";
import { defaultContainer } from "../kubernetes/containers.ts";
import { trying } from "../kubernetes/dry-run.ts";
import { type Kind, kindOf } from "../kubernetes/kinds.ts";
import type { CallScope, Cluster, ClusterCall } from "../kubernetes/kubernetes.ts";
import { adopt } from "../kubernetes/members.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { namespaceOf, resourceOf } from "../kubernetes/paths.ts";
import { readProvider } from "../kubernetes/provider.ts";
import { CustomObjects, customResourceOf } from "./custom-objects.ts";
import { ObjectStore, type Refusal, RefusedError } from "./object-store.ts";
import type { ObjectInput } from "./objects.ts";
import { type ExecScript, type LogScript, readLog, runCommand } from "./scripts.ts";
import { untilAborted, withinSeconds } from "./waiting.ts";

export interface FakeClusterOptions {
  /** Default `test`. */
  readonly name?: string;
  /** What exists. Of a kind that Cortado does not know, what says its `apiVersion`: it is found by `getReferred` and as an owner. */
  readonly objects?: readonly ObjectInput[];
  readonly logs?: LogScript;
  readonly exec?: ExecScript;
  /** Makes calls fail: `() => ({ code: 0, reason: "ECONNREFUSED" })` is a cluster that is down. */
  readonly refuse?: (call: PlannedCall) => Refusal | undefined;
}

/** A call that is about to be made. */
export type PlannedCall = Pick<ClusterCall, "verb" | "resource" | "namespace" | "name">;

export interface FakeCluster extends Cluster {
  /** Every call so far, through whichever view of the cluster. */
  readonly calls: readonly ClusterCall[];
  /** Every command that was run so far, as the containers got it. */
  readonly commands: readonly (readonly string[])[];
  /** Adds objects, or replaces them. */
  put(...objects: readonly ObjectInput[]): void;
}

interface Shared {
  readonly name: string;
  readonly options: FakeClusterOptions;
  readonly store: ObjectStore;
  readonly custom: CustomObjects;
  readonly calls: ClusterCall[];
  readonly commands: (readonly string[])[];
}

/** Throws a TypeError for an object of a kind that Cortado does not know and whose `apiVersion` is missing. */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const { name = "test", objects = [] } = options;
  const shared: Shared = {
    name,
    options,
    store: new ObjectStore(),
    custom: new CustomObjects(),
    calls: [],
    commands: [],
  };
  const put = (...inputs: readonly ObjectInput[]) => {
    for (const input of inputs) {
      const kind = kindOf(input);
      if (kind === undefined) shared.custom.put(input);
      else shared.store.put(kind, input);
    }
  };
  put(...objects);
  return Object.assign(view(shared, {}), { calls: shared.calls, commands: shared.commands, put });
}

function view(shared: Shared, scope: CallScope): Cluster {
  const { store, custom, options } = shared;
  const writable = () => (scope.dryRun === undefined ? store : store.copy());
  const ask = <T>(plan: PlannedCall, answer: Answer<T>) => askOnce(shared, scope, plan, answer);

  const cluster: Cluster = trying(scope, {
    name: shared.name,
    inside: false,
    dryRun: scope.dryRun !== undefined,
    get: (kind, name, namespace) =>
      ask(planned("get", kind, namespace, name), () => {
        const object = store.find(kind, name, namespace);
        return object === undefined ? [404, undefined] : [200, adopt(cluster, kind, object)];
      }),
    getReferred: (reference, namespace = "default") => {
      const kind = kindOf(reference);
      if (kind !== undefined) return cluster.get(kind, reference.name, namespace);
      const plan = { verb: "get", resource: customResourceOf(reference), namespace, name: reference.name };
      return ask<KubernetesObject | undefined>(plan, () => {
        const object = custom.find(reference, namespace);
        return object === undefined ? [404, undefined] : [200, object];
      });
    },
    list: (kind, listOptions = {}) =>
      ask({ verb: "list", resource: resourceOf(kind), ...namespaceIn(listOptions.namespace) }, () => [
        200,
        store.list(kind, listOptions).map((object) => adopt(cluster, kind, object)),
      ]),
    create: (kind, object) =>
      ask(planned("create", kind, object.metadata.namespace, object.metadata.name), () => [
        201,
        adopt(cluster, kind, writable().create(kind, object)),
      ]),
    update: (kind, object) =>
      ask(planned("update", kind, object.metadata.namespace, object.metadata.name), () => [
        200,
        adopt(cluster, kind, writable().update(kind, object)),
      ]),
    patch: (kind, name, namespace, patch) =>
      ask(planned("patch", kind, namespace, name), () => [
        200,
        adopt(cluster, kind, writable().patch(kind, name, namespace, patch)),
      ]),
    delete: (kind, name, namespace, { uid } = {}) =>
      ask<boolean>(planned("delete", kind, namespace, name), () =>
        writable().delete(kind, name, namespace, uid) ? [200, true] : [404, false],
      ),
    evict: (namespace, pod, { uid } = {}) =>
      ask<boolean>({ verb: "create", resource: "pods/eviction", namespace, name: pod }, () =>
        writable().delete("Pod", pod, namespace, uid) ? [201, true] : [404, false],
      ),
    logs: (namespace, pod, logOptions = {}) =>
      ask({ verb: "get", resource: "pods/log", namespace, name: pod }, () => {
        const container = containerOf(cluster, store.find("Pod", pod, namespace), logOptions.container);
        if (container === undefined) return [404, undefined];
        const text = readLog(options.logs, { ...logOptions, namespace, pod, container });
        return text === undefined ? [400, undefined] : [200, text];
      }),
    exec: (namespace, pod, argv, execOptions = {}) =>
      ask({ verb: "get", resource: "pods/exec", namespace, name: pod }, async () => {
        const container = containerOf(cluster, store.find("Pod", pod, namespace), execOptions.container);
        if (container === undefined) throw new RefusedError(404, `"${pod}" not found`);
        shared.commands.push(argv);
        const running = runCommand(options.exec, { ...execOptions, namespace, pod, container, argv });
        const { timeoutSeconds = 60 } = execOptions;
        const late = new RefusedError(0, `the command did not end within ${timeoutSeconds} s`, "Timeout");
        return [101, await withinSeconds(timeoutSeconds, running, late)];
      }),
    getFromService: ({ namespace, name }) =>
      ask({ verb: "get", resource: "services/proxy", namespace, name }, () => {
        throw new RefusedError(503, `no endpoints available for service "${name}"`);
      }),
    adopt: (kind, object) => adopt(cluster, kind, object),
    provider: () => readProvider(cluster),
    within: (inner) => view(shared, narrow(scope, inner)),
    withoutSignal: () => view(shared, unsignalled(scope)),
  });
  return cluster;
}

type Answer<T> = () => readonly [status: number, value: T] | Promise<readonly [status: number, value: T]>;

/** Makes one call: refused, aborted or answered, and recorded. */
async function askOnce<T>(shared: Shared, scope: CallScope, plan: PlannedCall, answer: Answer<T>): Promise<T> {
  let status = 0;
  try {
    scope.signal?.throwIfAborted();
    requireWithin(scope, plan);
    const refusal = shared.options.refuse?.(plan);
    if (refusal !== undefined) throw refused(shared, plan, refusal);
    const [answered, value] = await untilAborted(scope.signal, async () => answer());
    status = answered;
    return value;
  } catch (error) {
    const told = error instanceof RefusedError ? refused(shared, plan, error.refusal) : error;
    if (told instanceof ClusterError) status = told.code;
    throw told;
  } finally {
    const call = { ...plan, status, milliseconds: 0, ...marks(scope, plan.verb) };
    shared.calls.push(call);
    scope.onCall?.(call);
  }
}

const namespaceIn = (namespace: string | undefined) => (namespace === undefined ? {} : { namespace });

const planned = (verb: string, kind: Kind, namespace: string | undefined, name: string | undefined): PlannedCall => ({
  verb,
  resource: resourceOf(kind),
  ...namespaceIn(namespaceOf(kind, namespace)),
  ...(name === undefined ? {} : { name }),
});

const reasons: Readonly<Record<number, string>> = {
  0: "ECONNREFUSED",
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};

function refused({ name }: Shared, plan: PlannedCall, { code, reason, message }: Refusal): ClusterError {
  const { verb, resource, namespace } = plan;
  const why = reason ?? reasons[code] ?? "Unknown";
  const what = [verb, resource, plan.name, namespace && `in ${namespace}`].filter(Boolean).join(" ");
  const text = `The cluster ${name} refused ${what} (${code} ${why})`;
  return new ClusterError(code, why, message === undefined ? `${text}.` : `${text}: ${message}.`);
}

/** The container that is meant; undefined where the pod is gone. */
function containerOf(cluster: Cluster, json: KubernetesObject | undefined, wanted: string | undefined) {
  if (json === undefined) return undefined;
  const pod = cluster.adopt("Pod", json);
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const container = wanted ?? defaultContainer(pod);
  const named = [...containers, ...initContainers, ...ephemeralContainers].find(({ name }) => name === container);
  if (named !== undefined) return named.name;
  throw new RefusedError(400, `container ${container} is not valid for pod ${pod.metadata.name}`);
}
