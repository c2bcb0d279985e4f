/** Pods as a table, or as JSON. */
import { type Json, type Pod, type TableBlock, table } from "../../index.ts";
import { totalOf } from "./resources.ts";
import type { ContainerStatus } from "./restarts.ts";

type Container = NonNullable<Pod["spec"]>["containers"][number];

const headers = [
  "name",
  "namespace",
  "cluster",
  "node",
  "cpu limit",
  "cpu request",
  "memory limit",
  "memory request",
  "creation_time",
  "restarts",
  "addresses",
  "containers",
  "status",
  "status reason",
];

/** CPU in cores, memory in MiB; empty where none of the containers says. */
export function podTable(pods: readonly Pod[], cluster: string, name: string): TableBlock {
  const rows = pods.map((pod) => {
    const { metadata, spec, status } = pod;
    const containers = spec?.containers ?? [];
    const amount = (value: number) => (value === 0 ? "" : String(value));
    return [
      metadata.name,
      metadata.namespace ?? "",
      cluster,
      spec?.nodeName ?? "",
      amount(cores(containers, "limits")),
      amount(cores(containers, "requests")),
      amount(mebibytes(containers, "limits")),
      amount(mebibytes(containers, "requests")),
      metadata.creationTimestamp ?? "",
      String(restartsOf(pod)),
      addressesOf(pod),
      String(containers.length),
      status?.phase ?? "",
      status?.reason ?? "",
    ];
  });
  return table(headers, rows, name);
}

/** CPU in cores, memory in MiB, 0 where none of the containers says. */
export function podJson(pod: Pod, cluster: string): { readonly [key: string]: Json | undefined } {
  const { metadata, spec, status } = pod;
  const containers = spec?.containers ?? [];
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    node: spec?.nodeName,
    clusterName: cluster,
    ...resources(containers),
    creationTime: metadata.creationTimestamp,
    restarts: restartsOf(pod),
    addresses: addressesOf(pod),
    containers: containers.map((container) => containerJson(container, pod)),
    status: status?.phase,
    statusReason: status?.reason,
  };
}

function containerJson(container: Container, { status }: Pod): Json {
  const own = status?.containerStatuses?.find(({ name }) => name === container.name);
  const last = own?.lastState?.terminated;
  return {
    name: container.name,
    ...resources([container]),
    restarts: own?.restartCount ?? 0,
    ...stateJson(own),
    ports: container.ports?.map(({ containerPort, protocol }) => ({ containerPort, protocol })) ?? [],
    terminatedReason: last?.reason,
    terminatedExitCode: last?.exitCode,
    terminatedStarted: last?.startedAt,
    terminatedFinished: last?.finishedAt,
  };
}

/** Without messages: of a container that has ended it can be the end of its log. */
function stateJson(status: ContainerStatus | undefined) {
  const { running, terminated, waiting } = status?.state ?? {};
  if (running) return { status: "running", created: running.startedAt };
  if (terminated) return { status: "terminated", statusReason: terminated.reason, created: terminated.startedAt };
  return { status: "waiting", statusReason: waiting?.reason, statusMessage: waiting?.message };
}

const resources = (containers: readonly Container[]) => ({
  cpuLimit: cores(containers, "limits"),
  cpuRequest: cores(containers, "requests"),
  memoryLimit: mebibytes(containers, "limits"),
  memoryRequest: mebibytes(containers, "requests"),
});

type Which = "limits" | "requests";

/** To thousandths, which is as fine as Kubernetes counts. */
const cores = (containers: readonly Container[], which: Which) =>
  Math.round(totalOf(containers, which, "cpu") * 1000) / 1000;

const mebibytes = (containers: readonly Container[], which: Which) =>
  Math.round(totalOf(containers, which, "memory") / 2 ** 20);

const restartsOf = ({ status }: Pod) =>
  (status?.containerStatuses ?? []).reduce((total, { restartCount }) => total + restartCount, 0);

const addressesOf = ({ status }: Pod) => (status?.podIPs ?? []).flatMap(({ ip }) => (ip ? [ip] : [])).join(",");
