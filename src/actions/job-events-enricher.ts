import * as z from "zod";
import { action, JobEvent } from "../index.ts";
import { eventParams, latestEvents } from "./shared/events.ts";

export const jobEventsEnricher = action({
  name: "job_events_enricher",
  description: "Shows the latest Kubernetes events about a job, newest first.",
  on: JobEvent,
  effects: "read",
  permissions: [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ],
  params: z.strictObject(eventParams),
  async run(event, params, { log }) {
    const job = await event.getJob();
    if (job === undefined) return log.info("no job, no events");
    const block = await latestEvents(job, params);
    if (block === undefined) return log.info("no events about the job", { job: job.metadata.name });
    event.addEnrichment([block]);
  },
});
