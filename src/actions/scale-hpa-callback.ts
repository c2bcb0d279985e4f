import * as z from "zod";
import { action, HorizontalPodAutoscalerEvent, markdown } from "../index.ts";

export const scaleHpaCallback = action({
  name: "scale_hpa_callback",
  description: "Sets the number of replicas up to which the autoscaler may go.",
  on: HorizontalPodAutoscalerEvent,
  effects: "change",
  permissions: [{ apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["get", "patch"] }],
  params: z.strictObject({ max_replicas: z.int().positive().describe("The autoscaler's new `maxReplicas`") }),
  async run(event, { max_replicas }, { log }) {
    const hpa = await event.getHorizontalPodAutoscaler();
    if (hpa === undefined) return log.warn("no autoscaler to change");
    const { name, namespace } = hpa.metadata;
    const before = hpa.spec?.maxReplicas;
    const text = `The autoscaler *${name}* may go up to ${max_replicas} replicas`;
    if (before === max_replicas) return event.addEnrichment([markdown(`${text} already.`)]);
    const patch = { spec: { maxReplicas: max_replicas } };
    await event.cluster.patch("HorizontalPodAutoscaler", name, namespace, { type: "merge", patch });
    event.addEnrichment([markdown(`${text} now; it was ${before ?? "not said"} before.`)]);
  },
});
