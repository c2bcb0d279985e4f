import * as z from "zod";
import { action, PrometheusKubernetesAlert } from "../index.ts";

export const nameSilencer = action({
  name: "name_silencer",
  description: "Ends the work on alerts with one of these names. Put it before what it is to silence.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  params: z.strictObject({
    names: z.array(z.string()).describe("Names of alerts, as in the label `alertname`"),
  }),
  run(event, { names }, { log }) {
    if (!names.includes(event.alertName)) return;
    log.info("alert silenced by its name", { alert: event.alertName });
    event.stopProcessing();
  },
});
