import * as z from "zod";
import { action, PrometheusKubernetesAlert } from "../index.ts";

export const silenceAlert = action({
  name: "silence_alert",
  description:
    "Ends the work on every alert that comes to it: the playbook's trigger says which. Put it before the enrichers.",
  on: PrometheusKubernetesAlert,
  effects: "read",
  params: z.strictObject({
    log_silence: z.boolean().default(false).describe("Say in Cortado's log which alert was silenced"),
  }),
  run(event, { log_silence }, { log }) {
    if (log_silence) log.info("alert silenced", { alert: event.alertName, subject: event.getSubject().name });
    event.stopProcessing();
  },
});
