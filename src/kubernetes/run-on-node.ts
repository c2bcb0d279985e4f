/** Commands on a node, in a pod of their own with no more rights than they need. */
import { ClusterError } from "../errors.ts";
import type { JobOptions } from "./create-job.ts";
import type { Cluster } from "./kubernetes.ts";
import { runJob } from "./run-job.ts";

/**
 * What the command gets of the node:
 * - `none`: its network address in a pod's network, and nothing else;
 * - `processes`: the list of its processes in /proc;
 * - `ptrace`: also what is in them (memory, environment, open files);
 * - `files`: its files, under /host, to read, as far as they are root's or everybody's;
 * - `kernel-log`: what its kernel has logged (`dmesg`);
 * - `shell`: everything. The command runs as a root user's on the node itself, with the programs that are there.
 */
export type NodeAccess = "none" | "processes" | "ptrace" | "files" | "kernel-log" | "shell";

export interface NodeCommand {
  /** The node's name. */
  readonly node: string;
  /** For a shell (`sh -c`), or a list of arguments. */
  readonly command: string | readonly string[];
  /** Default `none`. */
  readonly access?: NodeAccess;
  /** Default `busybox:1.37.0`. */
  readonly image?: string;
  /** Where its pod is made. Default: `default`. */
  readonly namespace?: string;
  /** Of the pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** How the pod's name begins. Default `node-command`. */
  readonly name?: string;
}

export interface NodeCommandWaiting {
  /** The action's. Once it aborts, its reason is thrown. */
  readonly signal: AbortSignal;
  /** Default 60, the start of the pod included. */
  readonly timeoutSeconds?: number;
  /** For how long the pod may fail to start before that is taken for the end. Default 20. */
  readonly startSeconds?: number;
}

export interface NodeCommandResult {
  /** Both streams, in the order in which they came; of more than 1 MiB the last. */
  readonly output: string;
  readonly exitCode: number;
  /** Why the job with its pod could not be deleted, where it could not. */
  readonly leftBehind?: string;
}

/**
 * Runs a command on a node, in a pod that is pinned to it whatever its taints and whether it is cordoned, without a service account's
 * token, with limits, and with the rights of its `access` alone. The pod is a job's: it is deleted whatever happens, and the cluster
 * ends and deletes it where Cortado cannot.
 *
 * Needs `create`, `get` and `delete` on jobs, `list` on pods, `get` on pods/log. The namespace must admit the pod: all but `none` need
 * one whose pod security standard is `privileged`. Throws a ClusterError where the command could not be started or did not end in time,
 * with its output until then, and the signal's reason.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 *
 * @example const { output } = await runOnNode(event.cluster, { node: "node-1", command: "ps", access: "processes" }, { signal });
 */
export async function runOnNode(
  cluster: Cluster,
  command: NodeCommand,
  { signal, timeoutSeconds = 60, startSeconds = 20 }: NodeCommandWaiting,
): Promise<NodeCommandResult> {
  const waiting = { signal, timeoutSeconds, startSeconds };
  const { ended, why, exitCode, logs, leftBehind } = await runJob(cluster, jobOf(command), waiting);
  const left = leftBehind === undefined ? {} : { leftBehind };
  if (ended && exitCode !== undefined) return { output: logs, exitCode, ...left };
  const until = logs === "" ? "" : ` Its output until then: ${logs.slice(-2_000)}`;
  const still = leftBehind === undefined ? "" : ` Its job could not be deleted: ${leftBehind}`;
  const message = `The cluster ${cluster.name}: the command on node ${command.node} ${why}.${until}${still}`;
  throw new ClusterError(0, ended ? "NotRun" : "Timeout", message);
}

function jobOf({ node, command, access = "none", ...rest }: NodeCommand): JobOptions {
  const words = typeof command === "string" ? ["sh", "-c", command] : command;
  const { pod = {}, container } = rights[access];
  return {
    name: rest.name ?? "node-command",
    image: rest.image ?? "busybox:1.37.0",
    command: access === "shell" ? [...enterNode, ...words] : words,
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
    ...(rest.namespace === undefined ? {} : { namespace: rest.namespace }),
    ...(rest.annotations === undefined ? {} : { annotations: rest.annotations }),
    podSpec: {
      nodeName: node,
      // Bound to the node by name, it is not scheduled; this keeps it from being evicted there.
      tolerations: [{ operator: "Exists" }],
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // Nobody waits for what is left of it once it is deleted.
      terminationGracePeriodSeconds: 0,
      ...pod,
    },
    container,
  };
}

/** Into every namespace of the node's first process. */
const enterNode = ["nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "--"];

/** Of root's powers only those named. https://man7.org/linux/man-pages/man7/capabilities.7.html */
const confined = (...capabilities: readonly string[]) => ({
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"], ...(capabilities.length === 0 ? {} : { add: [...capabilities] }) },
    seccompProfile: { type: "RuntimeDefault" },
  },
});
const hostRoot = { name: "host", mountPath: "/host", readOnly: true };

type PodSpec = NonNullable<JobOptions["podSpec"]>;
interface Rights {
  readonly pod?: PodSpec;
  readonly container: NonNullable<JobOptions["container"]>;
}

const rights: Readonly<Record<NodeAccess, Rights>> = {
  none: { container: confined() },
  processes: { pod: { hostPID: true }, container: confined() },
  ptrace: { pod: { hostPID: true }, container: confined("SYS_PTRACE") },
  files: {
    pod: { volumes: [{ name: "host", hostPath: { path: "/", type: "Directory" } }] },
    container: { ...confined(), volumeMounts: [hostRoot] },
  },
  "kernel-log": { container: confined("SYSLOG") },
  shell: { pod: { hostPID: true }, container: { securityContext: { privileged: true } } },
};
