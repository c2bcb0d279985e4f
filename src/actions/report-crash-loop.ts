import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { reportCrash } from "./shared/crash-report.ts";
import { redactionOptions, replacementStyle, replacerPatterns } from "./shared/redaction-params.ts";
import { restartedContainers } from "./shared/restarts.ts";

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
    const restarted = restartedContainers(pod);
    if (restarted.length === 0)
      return log.info("no container of the pod has been restarted", { pod: pod.metadata.name });
    await reportCrash(event, { pod, crashed: restarted, aggregationKey: "CrashLoopBackoff" }, redactionOptions(params));
  },
});
