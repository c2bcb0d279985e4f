import * as z from "zod";
import { action, PrometheusKubernetesAlert } from "../index.ts";

export const severitySilencer = action({
  name: "severity_silencer",
  description: "Ends the work on alerts whose label `severity` has this value. Put it before what it is to silence.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  params: z.strictObject({
    severity: z.string().default("none").describe("The value of the label, in any case: none, info, warning"),
  }),
  run(event, { severity }, { log }) {
    if (event.alertSeverity.toLowerCase() !== severity.toLowerCase()) return;
    log.info("alert silenced by its severity", { alert: event.alertName, severity });
    event.stopProcessing();
  },
});
