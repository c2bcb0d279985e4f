import { action, JobEvent, markdown } from "../index.ts";
import { deleteExactly } from "./shared/deleting.ts";

export const deleteJob = action({
  name: "delete_job",
  description: "Deletes the job, and its pods with it.",
  on: JobEvent,
  effects: "destroy",
  permissions: [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "delete"] }],
  async run(event, _params, { log }) {
    const job = await event.getJob();
    if (job === undefined) return log.warn("no job to delete");
    const { name } = job.metadata;
    const deleted = await deleteExactly(event.cluster, "Job", job);
    event.addEnrichment([
      markdown(deleted ? `Deleted the job *${name}* with its pods.` : `The job *${name}* was gone already.`),
    ]);
  },
});
