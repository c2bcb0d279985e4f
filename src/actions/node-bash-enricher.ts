import * as z from "zod";
import { action, markdown, NodeEvent, runOnNode } from "../index.ts";
import { nodeCommandParams, onNode, outputBlock, runsOnNode } from "./shared/node-commands.ts";

export const nodeBashEnricher = action({
  name: "node_bash_enricher",
  description:
    "Runs a shell command on a node, as root and with the node's own programs, in a privileged pod that is deleted afterwards; shows what it printed.",
  on: NodeEvent,
  effects: "change",
  // Nobody knows what a command would do the second time.
  retry: "never",
  timeout: 300,
  permissions: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }, ...runsOnNode],
  params: z.strictObject({
    bash_command: z.string().min(1).describe("The command, as `sh -c` on the node takes it"),
    ...nodeCommandParams,
  }),
  async run(event, params, { log, signal }) {
    const node = await event.getNode();
    if (node === undefined) return log.warn("no node to run the command on");
    const { name } = node.metadata;
    const command = {
      ...onNode(name, params),
      name: "node-bash",
      access: "shell",
      command: params.bash_command,
    } as const;
    const { output, exitCode } = await runOnNode(event.cluster, command, { signal, timeoutSeconds: 240 });
    event.addEnrichment([
      markdown(`Command results for *${params.bash_command}* on node ${name}:`),
      outputBlock(output, `${name}-output.txt`),
      ...(exitCode === 0 ? [] : [markdown(`It ended with exit code ${exitCode}.`)]),
    ]);
  },
});
