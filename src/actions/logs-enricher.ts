import * as z from "zod";
import { action, markdown, PodEvent } from "../index.ts";
import { attachLog, logParams } from "./shared/log-files.ts";

export const logsEnricher = action({
  name: "logs_enricher",
  description: "Attaches a container's log, and says how the pod's containers that crashed ended.",
  on: PodEvent,
  effects: "read",
  permissions: [
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: z.strictObject(logParams),
  async run(event, params, { log }) {
    const pod = await event.getPod();
    if (pod === undefined) {
      log.info("no pod, no logs");
      if (params.warn_on_missing_label) event.addEnrichment([markdown(noPod)]);
      return;
    }
    await attachLog(event, { pod, labelled: event.getSubject().container }, params);
  },
});

const noPod =
  "Logs cannot be shown: this names no pod that exists. An alert names one in its labels `namespace` and `pod`.";
