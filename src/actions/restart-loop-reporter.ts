import * as z from "zod";
import { action, PodEvent } from "../index.ts";
import { reportCrash } from "./shared/crash-report.ts";
import { restartedContainers } from "./shared/restarts.ts";

export const restartLoopReporter = action({
  name: "restart_loop_reporter",
  description:
    "Makes a finding about a pod whose containers are restarted again and again, once in a while. report_crash_loop under on_pod_crash_loop is its successor.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: z.strictObject({
    rate_limit: z.int().nonnegative().default(3600).describe("Once in how many seconds for each pod"),
    restart_reason: z
      .string()
      .nullish()
      .describe("Only containers that wait for a reason with this in it: CrashLoopBackOff; default: any reason"),
  }),
  async run(event, { rate_limit, restart_reason }, { log, rateLimiter }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.info("no pod, no crash report");
    const { name, namespace } = pod.metadata;
    const crashed = restartedContainers(pod).filter(
      ({ restartCount, state }) =>
        restartCount > 1 && state?.waiting && (state.waiting.reason ?? "").includes(restart_reason ?? ""),
    );
    if (crashed.length === 0) return log.info("no container of the pod is in a restart loop", { pod: name });
    if (!(await rateLimiter.markAndTest("restart_loop_reporter", `${namespace}/${name}`, rate_limit))) return;
    await reportCrash(event, { pod, crashed, aggregationKey: "restart_loop_reporter" }, {});
  },
});
