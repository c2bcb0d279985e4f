/** Jobs that are made for an alert. */
import * as z from "zod";
import type { JobOptions, PrometheusKubernetesAlert } from "../../index.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables */
const variable = z.strictObject({
  name: z.string().min(1),
  value: z.string().optional(),
  valueFrom: z.record(z.string(), z.unknown()).optional(),
});
type Variable = z.output<typeof variable>;

export const jobParams = z.strictObject({
  image: z.string().min(1).describe("The image that the job runs"),
  command: z.array(z.string()).describe("The command and its arguments"),
  name: z.string().min(1).max(57).default("robusta-action-job").describe("How the job's name begins"),
  namespace: z.string().min(1).default("default").describe("Where the job is made"),
  service_account: z.string().nullish().describe("The service account that the job runs as"),
  restart_policy: z
    .enum(["OnFailure", "Never"])
    .default("OnFailure")
    .describe("What happens where its container fails"),
  job_ttl_after_finished: z
    .int()
    .nonnegative()
    .default(120)
    .describe("Seconds after its end at which the cluster deletes the job with its pods (Kubernetes 1.21 and later)"),
  notify: z.boolean().default(false).describe("Say in the finding that the job was made"),
  wait_for_completion: z.boolean().default(true).describe("Wait for the job's end, and attach its log"),
  completion_timeout: z.int().positive().max(840).default(300).describe("Seconds to wait at most"),
  backoff_limit: z.int().nonnegative().nullish().describe("How often the job is tried again; default: the cluster's"),
  active_deadline_seconds: z.int().positive().nullish().describe("Seconds after which the cluster ends the job"),
  env: z.array(variable).nullish().describe("Further environment variables, as in a container's spec"),
});
type JobParams = z.output<typeof jobParams>;

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy */
const clusterBackoffLimit = 6;

/** What the job is told of the alert. */
export function alertVariables(event: PrometheusKubernetesAlert): Variable[] {
  const { kind, name, namespace, node } = event.getSubject();
  const { labels, status } = event.alert;
  const found = kind !== "none";
  return [
    { name: "ALERT_NAME", value: event.alertName },
    { name: "ALERT_STATUS", value: status },
    // The word of the model for an alert that names nothing.
    { name: "ALERT_OBJ_KIND", value: found ? kind : "None" },
    ...(found ? [{ name: "ALERT_OBJ_NAME", value: name }] : []),
    ...(namespace === undefined ? [] : [{ name: "ALERT_OBJ_NAMESPACE", value: namespace }]),
    ...(node === undefined ? [] : [{ name: "ALERT_OBJ_NODE", value: node }]),
    ...Object.entries(labels).map(([label, value]) => ({ name: `ALERT_LABEL_${label.toUpperCase()}`, value })),
  ];
}

export function jobOptions(params: JobParams, variables: readonly Variable[]): JobOptions {
  const { name, namespace, image, command, service_account, restart_policy, env } = params;
  const own = new Set((env ?? []).map(({ name }) => name));
  return {
    name,
    namespace,
    image,
    command,
    env: [...variables.filter(({ name }) => !own.has(name)), ...(env ?? [])],
    ttlSeconds: params.job_ttl_after_finished,
    podSpec: { restartPolicy: restart_policy },
    jobSpec: {
      backoffLimit: params.backoff_limit ?? clusterBackoffLimit,
      ...(params.active_deadline_seconds ? { activeDeadlineSeconds: params.active_deadline_seconds } : {}),
    },
    ...(service_account ? { serviceAccount: service_account } : {}),
  };
}
