/** The logs of pods other than the event's. */
import * as z from "zod";
import { type ExecutionBaseEvent, fillTemplate, type Logger, markdown, type Pod, type Subject } from "../../index.ts";
import { attachLog, logParams } from "./log-files.ts";

const maxPods = 10;

export const foreignLogParams = z.strictObject({
  ...logParams,
  label_selectors: z
    .array(z.string().min(1))
    .describe("As in `kubectl -l`; the first one that finds pods counts, in whatever namespace they are"),
  title_override: z
    .string()
    .nullish()
    .describe(`What stands above the log; $name, $namespace, $node, \${labels.X} and \${annotations.X} are the pod's`),
});
type ForeignLogParams = z.output<typeof foreignLogParams>;

/** Attaches the logs of the pods that the first of the selectors finds, which finds any. */
export async function attachForeignLogs(event: ExecutionBaseEvent, params: ForeignLogParams, log: Logger) {
  const { label_selectors, title_override, warn_on_missing_label } = params;
  const pods = await firstFound(event, label_selectors);
  if (pods.length === 0) {
    log.warn("no pods, no logs", { label_selectors });
    const text = `Logs cannot be shown: no pod matches ${label_selectors.map((one) => `\`${one}\``).join(", ")}.`;
    if (warn_on_missing_label) event.addEnrichment([markdown(text)]);
    return;
  }
  for (const pod of pods.slice(0, maxPods)) {
    const title = title_override ? fillTemplate(title_override, subjectOf(pod)) : undefined;
    await attachLog(event, { pod, title }, params);
  }
  const left = pods.length - maxPods;
  if (left > 0) event.addEnrichment([markdown(`_${left} more pods match; their logs are not shown._`)]);
}

async function firstFound({ cluster }: ExecutionBaseEvent, selectors: readonly string[]): Promise<Pod[]> {
  for (const labelSelector of selectors) {
    const pods = await cluster.list("Pod", { labelSelector });
    if (pods.length > 0) return pods;
  }
  return [];
}

function subjectOf({ metadata, spec }: Pod): Subject {
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  const where = { ...(namespace ? { namespace } : {}), ...(spec?.nodeName ? { node: spec.nodeName } : {}) };
  return { name, kind: "pod", ...where, labels, annotations };
}
