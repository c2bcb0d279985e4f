import { action, type Job, JobEvent, jobEnd, parseKubernetesDatetime, table } from "../index.ts";

export const jobInfoEnricher = action({
  name: "job_info_enricher",
  description: "Shows a job's state, how its pods ended, its limits, and what it runs.",
  on: JobEvent,
  effects: "read",
  permissions: [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["get"] }],
  async run(event, _params, { log }) {
    const job = await event.getJob();
    if (job === undefined) return log.info("no job, no information");
    const rows = [...progress(job), ...limits(job), ...images(job)];
    event.addEnrichment([table(["field", "value"], rows)], { title: `Job ${job.metadata.name}` });
  },
});

type Row = readonly [string, string];

function progress(job: Job): Row[] {
  const { active = 0, succeeded = 0, failed = 0, startTime, completionTime } = job.status ?? {};
  const end = jobEnd(job);
  const state = end === undefined ? "Running" : end.succeeded ? "Complete" : `Failed (${end.why})`;
  return [
    ["status", job.spec?.suspend === true && end === undefined ? "Suspended" : state],
    ["pods", `${active} active, ${succeeded} succeeded, ${failed} failed`],
    ...(startTime ? [["started", startTime] as const] : []),
    ...(completionTime ? [["completed", `${completionTime}${duration(startTime, completionTime)}`] as const] : []),
  ];
}

function duration(from: string | undefined, to: string): string {
  if (from === undefined) return "";
  const seconds = (parseKubernetesDatetime(to).getTime() - parseKubernetesDatetime(from).getTime()) / 1000;
  return ` (after ${Math.round(seconds)} s)`;
}

function limits({ spec }: Job): Row[] {
  const { completions = 1, parallelism = 1, backoffLimit = 6, activeDeadlineSeconds } = spec ?? {};
  return [
    ["completions", String(completions)],
    ["parallelism", String(parallelism)],
    ["backoff limit", String(backoffLimit)],
    ...(activeDeadlineSeconds === undefined ? [] : [["deadline", `${activeDeadlineSeconds} s`] as const]),
  ];
}

/** Without commands and environment: they can hold secrets. */
const images = ({ spec }: Job): Row[] =>
  (spec?.template.spec?.containers ?? []).map(({ name, image = "" }) => [`image of ${name}`, image]);
