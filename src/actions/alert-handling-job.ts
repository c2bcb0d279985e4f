import { action, createJob, file, type JobResult, markdown, PrometheusKubernetesAlert, waitForJob } from "../index.ts";
import { alertVariables, jobOptions, jobParams } from "./shared/alert-jobs.ts";

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
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get", "delete"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  ],
  params: jobParams,
  async run(event, params, { log, signal }) {
    const job = await createJob(event.cluster, jobOptions(params, alertVariables(event)));
    const { name, namespace = "default" } = job.metadata;
    log.info("job made", { job: name, namespace });
    if (params.notify) event.addEnrichment([markdown(`Made the job *${namespace}/${name}*.`)]);
    if (!params.wait_for_completion) return;
    const result = await waitForJob(event.cluster, job, { signal, timeoutSeconds: params.completion_timeout });
    const blocks = result.logs ? [file(`${name}.log`, result.logs)] : [markdown("_Its log is empty._")];
    event.addEnrichment([markdown(outcome(name, result)), ...blocks], { title: `Job ${name}` });
    if (!result.succeeded) throw new Error(`the job ${namespace}/${name} did not succeed`);
  },
});

function outcome(name: string, { succeeded, ended, why }: JobResult): string {
  if (succeeded) return `The job *${name}* has ended well.`;
  return ended ? `The job *${name}* ${why}.` : `The job *${name}* ${why}. It goes on; this is its log so far.`;
}
