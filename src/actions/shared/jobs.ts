/** What actions ask about jobs. */
import { type Cluster, type Job, type Pod, relatedPods } from "../../index.ts";

/** The pod of the job that was made last. */
export async function latestPod(cluster: Cluster, job: Job): Promise<Pod | undefined> {
  const pods = await relatedPods(cluster, job);
  return pods.sort((a, b) => createdAt(a) - createdAt(b)).at(-1);
}

const createdAt = ({ metadata }: Pod): number => Date.parse(metadata.creationTimestamp ?? "") || 0;

export interface JobEnd {
  readonly succeeded: boolean;
  /** Why it failed, as its condition says. */
  readonly why: string;
}

/** How the job ended; undefined while it has not. */
export function endOf({ status }: Job): JobEnd | undefined {
  const end = status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
  if (end === undefined) return undefined;
  const why = [end.reason, end.message].filter(Boolean).join(": ");
  return { succeeded: end.type === "Complete", why };
}
