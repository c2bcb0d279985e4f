import * as z from "zod";
import { action, type ExecResult, file, markdown, type Pod, PodEvent, runOnNode } from "../index.ts";
import { nodeCommandParams, onNode, runsOnNode } from "./shared/node-commands.ts";

/** Of a process that may be gone by now. */
const listing = `{ printf '%s\\t' "\${dir#/proc/}"; tr '\\0' ' ' < "$dir/cmdline"; echo; } 2>/dev/null`;

/** An image may have a shell and no `ps`; what it would read is there all the same. */
const inPod = `ps aux 2>/dev/null || ps 2>/dev/null || for dir in /proc/[0-9]*; do ${listing}; done`;

export const podPs = action({
  name: "pod_ps",
  description:
    "Attaches the list of the processes that run in a pod. Where its container has no shell, they are looked up on its node, in a pod that sees the node's processes and is deleted afterwards; their numbers are the node's then.",
  on: PodEvent,
  effects: "change",
  timeout: 120,
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
    ...runsOnNode,
  ],
  params: z.strictObject(nodeCommandParams),
  async run(event, params, { log, signal }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no processes");
    const { name } = pod.metadata;
    const ended = await unlessShellless(pod.exec(inPod));
    const { output, exitCode } = ended ?? (await runOnNode(event.cluster, fromNode(pod, params), { signal }));
    if (exitCode === 0) {
      event.addEnrichment([file(`${name}-processes.txt`, ended?.stdout ?? output)], { title: "Processes" });
    } else {
      const why = `_The processes of the pod ${name} cannot be listed (exit code ${exitCode}):_ ${output}`;
      event.addEnrichment([markdown(why)]);
    }
  },
});

/** Undefined where the container has no shell to run anything. */
async function unlessShellless(running: Promise<ExecResult>): Promise<ExecResult | undefined> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof Error && /executable file not found|no such file or directory/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** A static pod is known to the node by another uid. https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/ */
const staticUid = "kubernetes.io/config.hash";

/** The groups of a pod's processes are named after it, and systemd writes its dashes as underscores. */
function fromNode({ metadata, spec }: Pod, params: z.output<z.ZodObject<typeof nodeCommandParams>>) {
  const uid = metadata.annotations?.[staticUid] ?? metadata.uid;
  if (!uid) throw new Error(`the pod ${metadata.name} came without its uid; its processes cannot be told from others`);
  const groups = `${uid}|${uid.replaceAll("-", "_")}`;
  const own = `grep -qE 'pod(${groups})' "$dir/cgroup" 2>/dev/null || continue`;
  return {
    ...onNode(spec?.nodeName ?? "", params),
    name: "pod-ps",
    access: "processes",
    command: `for dir in /proc/[0-9]*; do ${own}; ${listing}; done`,
  } as const;
}
