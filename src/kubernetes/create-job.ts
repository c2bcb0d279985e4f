/** Making a job that runs one container. */
import { describeError } from "../errors.ts";
import type { Cluster, NewObject } from "./kubernetes.ts";
import { toKubernetesName } from "./names.ts";
import type { Job, Pod } from "./objects.gen.ts";

type JobSpec = NonNullable<Job["spec"]>;
type PodSpec = NonNullable<Pod["spec"]>;
type Container = PodSpec["containers"][number];

/** As in a container's spec. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string | undefined;
  readonly valueFrom?: Readonly<Record<string, unknown>> | undefined;
}

export interface JobOptions {
  /** How its name begins; ten characters follow. */
  readonly name: string;
  /** Default: `default`. */
  readonly namespace?: string;
  readonly image: string;
  /** Instead of the image's entry point. */
  readonly command?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
  /** Further environment variables, kept in a Secret that goes with the job: who may read jobs and pods does not see them. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  readonly resources?: NonNullable<Container["resources"]>;
  /** Default: the namespace's own. */
  readonly serviceAccount?: string;
  /** Of the job and of its pods. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Seconds after its end at which the cluster deletes it (Kubernetes 1.21 and later). Default 120. */
  readonly ttlSeconds?: number;
  /** What the job's pods have beside all this, or instead of it: a nodeName, tolerations, volumes. */
  readonly podSpec?: Partial<PodSpec>;
  /** The same for its one container, `action`. */
  readonly container?: Partial<Container>;
  /** The same for the job: a backoffLimit (default 0), an activeDeadlineSeconds. */
  readonly jobSpec?: Partial<JobSpec>;
  /**
   * Names what the job is for, an alert's fingerprint and start for instance: a second call with the same name, namespace and key makes
   * none as long as the first one's is there.
   */
  readonly key?: string;
}

/**
 * Makes a job, and does not wait for it: `waitForJob` does. It is deleted by the cluster alone, when its time to live after its end is over.
 * Needs `create` on jobs, with a key also `get`, for `secretEnv` `create` on secrets and `delete` on jobs. Throws a ClusterError.
 */
export async function createJob(cluster: Cluster, options: JobOptions): Promise<Job> {
  const { namespace = "default", key, secretEnv } = options;
  const metadata = { name: toKubernetesName(options.name, key), namespace };
  const job = await createOnce(cluster, jobObject(options, metadata), key !== undefined);
  if (secretEnv === undefined) return job;
  try {
    await createSecret(cluster, job, secretEnv);
    return job;
  } catch (error) {
    // Of an earlier call with this key.
    if (key !== undefined && codeOf(error) === 409) return job;
    await takeBack(cluster, job);
    throw error;
  }
}

async function createOnce(cluster: Cluster, object: NewJob, adopts: boolean): Promise<Job> {
  const { name, namespace } = object.metadata;
  try {
    return await cluster.create("Job", object);
  } catch (error) {
    const code = codeOf(error);
    const found = code === 409 && adopts ? await cluster.get("Job", name, namespace) : undefined;
    if (found !== undefined) return found;
    // The answer was lost, or nobody waited for it: the job may be there. With a key, the next call finds it.
    const refused = code >= 400 && code < 500;
    if (!adopts && !refused) await takeBack(cluster, { metadata: { name, namespace } });
    throw error;
  }
}

/** The HTTP status in an error of the cluster's. A signal's reason may have a code too, which is no status. */
const codeOf = (error: unknown): number =>
  error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : 0;

/** Deletes the job, even where the action has been told to stop. Why it could not, where it could not. */
export async function takeBack(cluster: Cluster, { metadata }: Pick<Job, "metadata">): Promise<string | undefined> {
  const { name, namespace, uid } = metadata;
  try {
    await cluster.withoutSignal().delete("Job", name, namespace, uid === undefined ? {} : { uid });
    return undefined;
  } catch (error) {
    // What went wrong before is the greater news.
    return describeError(error);
  }
}

type NewJob = NewObject & { readonly metadata: { readonly name: string; readonly namespace: string } };

const managed = { "app.kubernetes.io/managed-by": "cortado" };

function jobObject(options: JobOptions, { name, namespace }: NewJob["metadata"]): NewJob {
  const { image, command, env, resources, serviceAccount, annotations, secretEnv, ttlSeconds = 120 } = options;
  const labels = { ...options.labels, ...managed };
  const described = { labels, ...(annotations === undefined ? {} : { annotations }) };
  const container = {
    name: "action",
    image,
    ...(command === undefined ? {} : { command }),
    ...(env === undefined ? {} : { env }),
    ...(secretEnv === undefined ? {} : { envFrom: [{ secretRef: { name } }] }),
    ...(resources === undefined ? {} : { resources }),
    ...options.container,
  };
  const spec = {
    restartPolicy: "Never",
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
    ...options.podSpec,
    containers: [container],
  };
  return {
    metadata: { name, namespace, ...described },
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: ttlSeconds,
      ...options.jobSpec,
      template: { metadata: described, spec },
    },
  };
}

async function createSecret(cluster: Cluster, { metadata }: Job, stringData: Readonly<Record<string, string>>) {
  const { name, namespace = "default", uid = "" } = metadata;
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid }];
  await cluster.create("Secret", { metadata: { name, namespace, labels: managed, ownerReferences }, stringData });
}
