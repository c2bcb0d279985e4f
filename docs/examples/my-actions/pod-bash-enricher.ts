import { action, markdown, PodEvent } from "cortado";
import * as z from "zod";

export const podBashEnricher = action({
  name: "pod_bash_enricher",
  description: "Runs a shell command in the pod and shows what it printed.",
  on: PodEvent,
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
  ],
  params: z.strictObject({
    bash_command: z.string().describe("The command, as a shell in the pod takes it"),
  }),
  async run(event, { bash_command }, { log }) {
    const pod = await event.getPod();
    if (!pod) return log.warn("no pod on this event");

    const { output, exitCode } = await pod.exec(bash_command);
    event.addEnrichment([
      markdown(`Command results for *${bash_command}:*`),
      markdown(output.trim() === "" ? "_It printed nothing._" : `\`\`\`\n${output.trimEnd()}\n\`\`\``),
      ...(exitCode === 0 ? [] : [markdown(`It ended with exit code ${exitCode}.`)]),
    ]);
  },
});
