import { action, fillTemplate, PrometheusKubernetesAlert } from "../index.ts";
import { attachForeignLogs, foreignLogParams } from "./shared/foreign-logs.ts";

export const alertForeignLogsEnricher = action({
  name: "alert_foreign_logs_enricher",
  description:
    "Attaches the logs of other pods than the alert's, which their labels find. Selectors can name what the alert has.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: foreignLogParams.extend({
    label_selectors: foreignLogParams.shape.label_selectors.describe(
      `As in \`kubectl -l\`, with \${labels.X} and the like filled in from the alert; the first one that finds pods counts`,
    ),
  }),
  async run(event, params, { log }) {
    const subject = event.getSubject();
    const filled = params.label_selectors.map((selector) => fillTemplate(selector, subject));
    // A selector with a gap in it is none, and the cluster would refuse it.
    const label_selectors = filled.filter((selector) => !selector.includes("<missing>"));
    if (label_selectors.length < filled.length) log.warn("the alert has not what a selector names", { filled });
    await attachForeignLogs(event, { ...params, label_selectors }, log);
  },
});
