import * as z from "zod";
import { action, JobEvent, latestJobPod, markdown } from "../index.ts";
import { eventParams, latestEvents } from "./shared/events.ts";
import { attachLog, logParams } from "./shared/log-files.ts";

export const jobPodEnricher = action({
  name: "job_pod_enricher",
  description: "Shows the events and the log of a job's latest pod.",
  on: JobEvent,
  effects: "read",
  permissions: [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject({
    ...eventParams,
    ...logParams,
    events: z.boolean().default(true).describe("Show the pod's events"),
    logs: z.boolean().default(true).describe("Attach the pod's log"),
  }),
  async run(event, params, { log }) {
    const job = await event.getJob();
    const pod = job && (await latestJobPod(event.cluster, job));
    if (pod === undefined) {
      log.info(job === undefined ? "no job, no pod" : "the job has no pod");
      if (params.warn_on_missing_label) event.addEnrichment([markdown(noPod)]);
      return;
    }
    const events = params.events ? await latestEvents(pod, params) : undefined;
    if (events !== undefined) event.addEnrichment([events]);
    if (params.logs) await attachLog(event, { pod, labelled: event.getSubject().container }, params);
  },
});

const noPod = "The job's pod cannot be shown: there is no such job, or its pods are gone.";
