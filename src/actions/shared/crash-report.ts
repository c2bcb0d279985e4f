/** The report of a pod whose containers crash. */
import { file, list, markdown, type Pod, type PodEvent, type PodLogOptions } from "../../index.ts";
import { type ContainerStatus, restartLine } from "./restarts.ts";

interface Crash {
  readonly pod: Pod;
  /** The containers that crash. */
  readonly crashed: readonly ContainerStatus[];
  readonly aggregationKey: string;
}

type Redaction = Pick<PodLogOptions, "redact" | "redactionStyle">;

/** Makes a finding of its own: how often the containers were restarted, how they ended, and their logs from before that. */
export async function reportCrash(event: PodEvent, { pod, crashed, aggregationKey }: Crash, redaction: Redaction) {
  const { name, namespace } = pod.metadata;
  event.addFinding({ title: `Crashing pod ${name} in namespace ${namespace}`, aggregationKey, severity: "HIGH" });
  event.addEnrichment([list(crashed.map(restartLine))], { title: "Restarts", type: "crash_info" });
  const logs = await Promise.all(crashed.map((status) => lastLog(pod, status, redaction)));
  event.addEnrichment(logs, { title: "Logs of the last run" });
}

/** A node may have forgotten the run before; the log of this one then tells how it starts, at least. */
async function lastLog(pod: Pod, { name: container }: ContainerStatus, redaction: PodLogOptions) {
  const previous = await pod.logs({ ...redaction, container, previous: true });
  const text = previous || (await pod.logs({ ...redaction, container }));
  if (text) return file(`${pod.metadata.name}-${container}.log`, text);
  return markdown(`_The log of container ${container} is empty._`);
}
