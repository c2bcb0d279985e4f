import * as z from "zod";
import { action, file, markdown, PodEvent } from "../index.ts";

/** An image may have a shell and no `ps`; what it would read is there all the same. */
const command = `ps aux 2>/dev/null || ps 2>/dev/null || for dir in /proc/[0-9]*; do
  printf '%s\\t' "\${dir#/proc/}"; tr '\\0' ' ' < "$dir/cmdline"; echo
done`;

export const podPs = action({
  name: "pod_ps",
  description: "Attaches the list of the processes that run in a pod. The container needs a shell.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
  ],
  params: z.strictObject({
    custom_annotations: z
      .record(z.string(), z.string())
      .nullish()
      .describe("Has no effect, as no pod is made for it; taken so that playbooks which have it load"),
  }),
  async run(event, _params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no processes");
    const { stdout, output, exitCode } = await pod.exec(command);
    const { name } = pod.metadata;
    if (exitCode === 0) return event.addEnrichment([file(`${name}-processes.txt`, stdout)], { title: "Processes" });
    event.addEnrichment([
      markdown(`_The processes of the pod ${name} cannot be listed (exit code ${exitCode}):_ ${output}`),
    ]);
  },
});
