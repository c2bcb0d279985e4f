/** Pods: their containers, and what stands in for a scheduler and a kubelet. */

import { at, isRecord, type JsonRecord, recordsAt, textAt, timestamp } from "./json.ts";
import { badRequest } from "./status.ts";
import type { ApiObject } from "./store.ts";

export interface Container {
  readonly name: string;
  readonly kind: "containers" | "initContainers" | "ephemeralContainers";
  readonly spec: JsonRecord;
  /** Its entry in the pod's status. */
  readonly status: JsonRecord | undefined;
}

const statusLists = {
  containers: "containerStatuses",
  initContainers: "initContainerStatuses",
  ephemeralContainers: "ephemeralContainerStatuses",
} as const;

export function containersOf(pod: ApiObject): Container[] {
  const kinds = ["containers", "initContainers", "ephemeralContainers"] as const;
  return kinds.flatMap((kind) =>
    recordsAt(pod, "spec", kind).map((spec) => ({
      name: textAt(spec, "name") ?? "",
      kind,
      spec,
      status: recordsAt(pod, "status", statusLists[kind]).find(({ name }) => name === spec.name),
    })),
  );
}

export const defaultContainer = (pod: ApiObject): string | undefined =>
  pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];

/** The container that a request names, or the only one there is. Throws as the API server does. */
export function chooseContainer(pod: ApiObject, wanted: string | null): Container {
  const containers = containersOf(pod);
  const { name } = pod.metadata;
  if (wanted !== null && wanted !== "") {
    const found = containers.find((one) => one.name === wanted);
    if (found === undefined) throw badRequest(`container ${wanted} is not valid for pod ${name}`);
    return found;
  }
  const [only, another] = containers.filter(({ kind }) => kind === "containers");
  if (only === undefined) throw badRequest(`a container name must be specified for pod ${name}`);
  const fallback = another === undefined ? only.name : defaultContainer(pod);
  const chosen = containers.find((one) => one.name === fallback);
  if (chosen !== undefined) return chosen;
  const named = (kind: Container["kind"]) => containers.filter((one) => one.kind === kind).map((one) => one.name);
  const init = named("initContainers");
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${named("containers").join(" ")}]` +
      (init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`),
  );
}

/**
 * The pod as it would be a moment later in a cluster that works: on the first node that takes it, with all its containers running.
 * Where no node fits it stays Pending and says so. A cluster without any Node object runs
 * its pods on a node that it has no object of.
 */
export function started(pod: ApiObject, nodes: readonly ApiObject[]): ApiObject {
  const now = timestamp(Date.now());
  const nodeName = textAt(pod, "spec", "nodeName") ?? chooseNode(pod, nodes);
  const spec = isRecord(pod.spec) ? pod.spec : {};
  if (nodeName === undefined) return { ...pod, status: { ...qos(pod), ...unschedulable(nodes.length, now) } };
  return { ...pod, spec: { ...spec, nodeName }, status: { ...qos(pod), ...running(pod, now) } };
}

const qos = (pod: ApiObject): JsonRecord => ({ qosClass: at(pod, "status", "qosClass") ?? "BestEffort" });

function chooseNode(pod: ApiObject, nodes: readonly ApiObject[]): string | undefined {
  const wanted = at(pod, "spec", "nodeSelector");
  const selector = isRecord(wanted) ? Object.entries(wanted) : [];
  if (nodes.length === 0) return selector.length === 0 ? "node-1" : undefined;
  const fits = (node: ApiObject): boolean =>
    at(node, "spec", "unschedulable") !== true &&
    recordsAt(node, "spec", "taints").length === 0 &&
    selector.every(([label, value]) => node.metadata.labels?.[label] === value);
  return nodes.find(fits)?.metadata.name;
}

const condition = (type: string, status: "True" | "False", time: string): JsonRecord => ({
  type,
  status,
  lastProbeTime: null,
  lastTransitionTime: time,
});

const unschedulable = (nodes: number, time: string): JsonRecord => ({
  phase: "Pending",
  conditions: [
    {
      ...condition("PodScheduled", "False", time),
      reason: "Unschedulable",
      message: `0/${nodes} nodes are available: ${nodes} node(s) didn't match Pod's node affinity/selector.`,
    },
  ],
});

function running(pod: ApiObject, time: string): JsonRecord {
  return {
    phase: "Running",
    conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) =>
      condition(type, "True", time),
    ),
    hostIP: "10.0.0.11",
    podIP: "10.244.0.99",
    podIPs: [{ ip: "10.244.0.99" }],
    startTime: time,
    ...statusesOf(pod, "initContainers", {
      terminated: { exitCode: 0, reason: "Completed", startedAt: time, finishedAt: time },
    }),
    ...statusesOf(pod, "containers", { running: { startedAt: time } }),
  };
}

function statusesOf(pod: ApiObject, kind: "containers" | "initContainers", state: JsonRecord): JsonRecord {
  const specs = recordsAt(pod, "spec", kind);
  if (specs.length === 0) return {};
  const statuses = specs.map(({ name, image }) => ({
    name,
    image,
    imageID: "",
    containerID: `containerd://${pod.metadata.uid ?? ""}-${String(name)}`,
    ready: true,
    started: kind === "containers",
    restartCount: 0,
    state,
    lastState: {},
  }));
  return { [statusLists[kind]]: statuses };
}
