import * as z from "zod";
import { action, file, list, markdown, type Pod, PodEvent, type PodLogOptions } from "../index.ts";
import { redactionOptions, replacementStyle, replacerPatterns } from "./shared/redaction-params.ts";
import { type ContainerStatus, restartedContainers, restartLine } from "./shared/restarts.ts";

export const reportCrashLoop = action({
  name: "report_crash_loop",
  description:
    "Makes a finding about a pod whose containers crash: how often they were restarted, how they ended, and their logs from before that.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: z.strictObject({
    regex_replacer_patterns: replacerPatterns,
    regex_replacement_style: replacementStyle
      .default("SAME_LENGTH_ASTERISKS")
      .describe("What stands in place of what is redacted"),
  }),
  async run(event, params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no crash report");
    const { name, namespace } = pod.metadata;
    const restarted = restartedContainers(pod);
    if (restarted.length === 0) return log.info("no container of the pod has been restarted", { pod: name });
    event.addFinding({
      title: `Crashing pod ${name} in namespace ${namespace}`,
      aggregationKey: "CrashLoopBackoff",
      severity: "HIGH",
    });
    event.addEnrichment([list(restarted.map(restartLine))], { title: "Restarts" });
    const redaction = redactionOptions(params);
    const logs = await Promise.all(restarted.map((status) => lastLog(pod, status, redaction)));
    event.addEnrichment(logs, { title: "Logs of the last run" });
  },
});

/** A node may have forgotten the run before; the log of this one then tells how it starts, at least. */
async function lastLog(pod: Pod, { name: container }: ContainerStatus, redaction: PodLogOptions) {
  const previous = await pod.logs({ ...redaction, container, previous: true });
  const text = previous || (await pod.logs({ ...redaction, container }));
  if (text) return file(`${pod.metadata.name}-${container}.log`, text);
  return markdown(`_The log of container ${container} is empty._`);
}
