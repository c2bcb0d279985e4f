/** Commands that actions run on nodes. */
import * as z from "zod";
import {
  type Block,
  type ExecutionBaseEvent,
  file,
  markdown,
  type NodeCommand,
  type PermissionRule,
  runOnNode,
} from "../../index.ts";

/** What all of them take. `globalConfig` can say it for all at once. */
export const nodeCommandParams = {
  custom_annotations: z
    .record(z.string(), z.string())
    .nullish()
    .describe("Annotations of the pod in which the command runs"),
  debug_image: z
    .string()
    .min(1)
    .default("busybox:1.37.0")
    .describe("The image of that pod; it needs a shell, and `nsenter` for commands on the node itself"),
  debug_namespace: z
    .string()
    .min(1)
    .default("default")
    .describe("Where that pod is made; the namespace must admit privileged pods"),
};
type NodeCommandParams = z.output<z.ZodObject<typeof nodeCommandParams>>;

/** What `runOnNode` needs. */
export const runsOnNode: readonly PermissionRule[] = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get", "delete"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
];

/** Where and how, but not what. */
export const onNode = (node: string, params: NodeCommandParams): Omit<NodeCommand, "command"> => ({
  node,
  image: params.debug_image,
  namespace: params.debug_namespace,
  ...(params.custom_annotations ? { annotations: params.custom_annotations } : {}),
});

interface DmesgOptions {
  readonly params: NodeCommandParams;
  readonly signal: AbortSignal;
}

/** Attaches what the node's kernel has logged. Throws an Error where that cannot be read. */
export async function attachDmesg(event: ExecutionBaseEvent, node: string, { params, signal }: DmesgOptions) {
  const command = { ...onNode(node, params), name: "node-dmesg", access: "kernel-log", command: ["dmesg"] } as const;
  const { output, exitCode } = await runOnNode(event.cluster, command, { signal, timeoutSeconds: 100 });
  if (exitCode !== 0) throw new Error(`dmesg on node ${node} ended with exit code ${exitCode}: ${output.slice(-500)}`);
  const block =
    output.trim() === "" ? markdown(`_The kernel of node ${node} has logged nothing._`) : file("dmesg.log", output);
  event.addEnrichment([block], { title: `Kernel log of node ${node}` });
}

const shownCharacters = 2_500;

/** What a command wrote, for people: in the message, or as a file where that is long. */
export function outputBlock(output: string, filename: string): Block {
  const text = output.trimEnd();
  if (text === "") return markdown("_It printed nothing._");
  return text.length > shownCharacters ? file(filename, output) : markdown(`\`\`\`\n${text}\n\`\`\``);
}
