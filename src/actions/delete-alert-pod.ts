import * as z from "zod";
import { action, markdown, PrometheusKubernetesAlert } from "../index.ts";
import { deletePodAndTell } from "./shared/deleting.ts";

export const deleteAlertPod = action({
  name: "delete_alert_pod",
  description: "Deletes the pod that the alert names, no more often than a limit allows.",
  on: PrometheusKubernetesAlert,
  effects: "destroy",
  permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "delete"] }],
  params: z.strictObject({
    rate_limit: z.int().positive().nullish().describe("Seconds in which one pod is deleted at most; default: no limit"),
    rate_limit_field: z
      .string()
      .min(1)
      .nullish()
      .describe(
        "A label of the alert: each of its values has a limit of its own. Default: the alert's name, `alertname`",
      ),
  }),
  async run(event, { rate_limit, rate_limit_field }, { log, rateLimiter }) {
    const pod = await event.getPod();
    if (pod === undefined) return log.warn("no pod to delete");
    if (rate_limit) {
      const field = rate_limit_field ?? "alertname";
      const id = `${field}=${event.alert.labels[field] ?? ""}`;
      if (!(await rateLimiter.markAndTest("delete_alert_pod", id, rate_limit))) {
        return log.info("a pod was deleted for this not long ago", { pod: pod.metadata.name, limit: id });
      }
    }
    event.addEnrichment([markdown(await deletePodAndTell(event.cluster, pod))]);
  },
});
