import * as z from "zod";
import { action, callback, HorizontalPodAutoscalerChangeEvent, markdown } from "../index.ts";
import { scaleHpaCallback } from "./scale-hpa-callback.ts";

/** Where nobody knows how it was before: an autoscaler at its limit writes its status every 15 s. */
const onceInSeconds = 4 * 3600;

export const alertOnHpaReachedLimit = action({
  name: "alert_on_hpa_reached_limit",
  description: "Makes a finding when an autoscaler has reached its maximum of replicas, and offers to raise it.",
  on: HorizontalPodAutoscalerChangeEvent,
  effects: "read",
  permissions: [],
  params: z.strictObject({
    increase_pct: z.int().positive().default(20).describe("By how many percent of the maximum it offers to raise it"),
  }),
  async run(event, { increase_pct }, { log, rateLimiter }) {
    const { obj: hpa, oldObj, operation } = event;
    const { name, namespace } = hpa.metadata;
    const limit = hpa.spec?.maxReplicas ?? 0;
    if (operation !== "update" || hpa.status?.desiredReplicas !== limit)
      return log.info("it is below its maximum", { name });
    if (oldObj !== undefined && oldObj.status?.currentReplicas === hpa.status.currentReplicas) {
      return log.info("it has as many replicas as before", { name });
    }
    if (oldObj === undefined) {
      const id = `${namespace}/${name}/${limit}`;
      if (!(await rateLimiter.markAndTest("alert_on_hpa_reached_limit", id, onceInSeconds)))
        return log.info("told already", { name });
    }
    event.addFinding({
      title: `HPA *${name}* in namespace *${namespace}* reached max replicas: *${limit}*`,
      aggregationKey: "alert_on_hpa_reached_limit",
      severity: "LOW",
    });
    const cpu = hpa.status.currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current;
    const usage =
      cpu?.averageUtilization === undefined
        ? []
        : [markdown(`Average CPU, of what is requested: *${cpu.averageUtilization} %*`)];
    const raised = Math.ceil(((increase_pct + 100) * limit) / 100);
    event.addEnrichment([
      ...usage,
      callback([
        {
          text: `Update HPA max replicas to: ${raised}`,
          action: scaleHpaCallback,
          params: { max_replicas: raised },
          target: hpa,
        },
      ]),
    ]);
  },
});
