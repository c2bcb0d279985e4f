import { action, type Cluster, file, type Job, markdown, PrometheusKubernetesAlert } from "../index.ts";
import { alertVariables, jobObject, jobParams } from "./shared/alert-jobs.ts";
import { endOf, type JobEnd, latestPod } from "./shared/jobs.ts";
import { pause } from "./shared/pause.ts";

export const alertHandlingJob = action({
  name: "alert_handling_job",
  description:
    "Makes a Kubernetes job that knows the alert by environment variables (ALERT_NAME, ALERT_STATUS, ALERT_OBJ_KIND, ALERT_OBJ_NAME, ALERT_OBJ_NAMESPACE, ALERT_OBJ_NODE, ALERT_LABEL_X), waits for its end, and attaches its log.",
  on: PrometheusKubernetesAlert,
  effects: "change",
  // A second job beside one that nobody knows the end of may be worse than none.
  retry: "never",
  timeout: 900,
  permissions: [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: jobParams,
  async run(event, params, { log, signal }) {
    const job = await event.cluster.create("Job", jobObject(params, alertVariables(event)));
    const { name, namespace = "default" } = job.metadata;
    log.info("job made", { job: name, namespace });
    if (params.notify) event.addEnrichment([markdown(`Made the job *${namespace}/${name}*.`)]);
    if (!params.wait_for_completion) return;
    const end = await waitForEnd(event.cluster, job, { seconds: params.completion_timeout, signal });
    const text = await logOf(event.cluster, job);
    const blocks = text ? [file(`${name}.log`, text)] : [markdown("_Its log is empty._")];
    event.addEnrichment([markdown(outcome(name, end, params.completion_timeout)), ...blocks], { title: `Job ${name}` });
    if (end?.succeeded !== true) throw new Error(`the job ${namespace}/${name} did not succeed`);
  },
});

interface Waiting {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** How it ended; undefined where it has not in this time. */
async function waitForEnd(
  cluster: Cluster,
  { metadata }: Job,
  { seconds, signal }: Waiting,
): Promise<JobEnd | undefined> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const job = await cluster.get("Job", metadata.name, metadata.namespace);
    if (job === undefined) throw new Error(`the job ${metadata.name} was deleted before it ended`);
    const end = endOf(job);
    if (end !== undefined || Date.now() >= until) return end;
    await pause(2_000, signal);
  }
}

async function logOf(cluster: Cluster, job: Job): Promise<string | undefined> {
  const pod = await latestPod(cluster, job);
  return pod?.logs();
}

function outcome(name: string, end: JobEnd | undefined, seconds: number): string {
  if (end === undefined)
    return `The job *${name}* has not ended within ${seconds} s. It goes on; this is its log so far.`;
  return end.succeeded ? `The job *${name}* has ended well.` : `The job *${name}* has failed (${end.why}).`;
}
