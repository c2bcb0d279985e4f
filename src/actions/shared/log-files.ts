/** Attaching a container's log, for every action that does. */
import * as z from "zod";
import { type ExecutionBaseEvent, file, list, markdown, type Pod } from "../../index.ts";
import { redactionOptions, regexParam, replacementStyle, replacerPatterns } from "./redaction-params.ts";
import { restartedContainers, restartLine } from "./restarts.ts";

export const logParams = {
  container_name: z
    .string()
    .nullish()
    .describe("Default: the container that the alert names in its label `container`, else the pod's default one"),
  warn_on_missing_label: z.boolean().default(false).describe("Say so in the finding where there is no pod"),
  regex_replacer_patterns: replacerPatterns,
  regex_replacement_style: replacementStyle
    .nullish()
    .describe("What stands in place of what is redacted; default NAMED"),
  previous: z.boolean().default(false).describe("The log of the container's run before this one"),
  filter_regex: regexParam.nullish().describe("Show only lines in which this is found (RE2 syntax)"),
};
const shape = z.strictObject(logParams);
type LogParams = z.output<typeof shape>;

interface Whose {
  readonly pod: Pod;
  /** What the alert names in its label `container`. */
  readonly labelled?: string | undefined;
  /** Default: which container's log it is. */
  readonly title?: string | undefined;
}

/** Attaches the log to the event's finding, and says how the pod's containers that crashed ended. */
export async function attachLog(event: ExecutionBaseEvent, { pod, labelled, title }: Whose, params: LogParams) {
  const restarted = restartedContainers(pod);
  if (restarted.length > 0) event.addEnrichment([list(restarted.map(restartLine))], { title: "Restarts" });

  const container = chooseContainer(pod, params.container_name, labelled);
  const filter = params.filter_regex ?? undefined;
  const text = await pod.logs({
    ...redactionOptions(params),
    ...(container === undefined ? {} : { container }),
    ...(filter === undefined ? {} : { filterRegex: filter }),
    previous: params.previous,
  });
  const whose = container === undefined ? "the pod's default container" : `container ${container}`;
  if (text) {
    const ownTitle = `${params.previous ? "Previous logs" : "Logs"} of ${whose}`;
    event.addEnrichment([file(`${pod.metadata.name}.log`, text)], { title: title ?? ownTitle });
  } else {
    event.addEnrichment([markdown(nothingToShow(text, { whose, previous: params.previous, filter }))]);
  }
}

/** The label of an alert may be that of the exporter which reports it, so it counts only where the pod has that container. */
function chooseContainer(pod: Pod, wanted: string | null | undefined, labelled: string | undefined) {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const names = [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
  const only = names.length === 1 ? names[0] : undefined;
  if (!wanted) return names.find((name) => name === labelled) ?? only;
  if (names.includes(wanted)) return wanted;
  throw new Error(`the pod ${pod.metadata.name} has no container ${wanted}; it has ${names.join(", ")}`);
}

interface Asked {
  readonly whose: string;
  readonly previous: boolean;
  readonly filter: string | undefined;
}

function nothingToShow(text: string | undefined, { whose, previous, filter }: Asked): string {
  const which = previous ? "previous log" : "log";
  if (text === undefined) {
    const why = previous ? "it has not been restarted, or its node has forgotten" : "it has not started";
    return `_There is no ${which} of ${whose}: ${why}._`;
  }
  return filter === undefined
    ? `_The ${which} of ${whose} is empty._`
    : `_No line of the ${which} of ${whose} matches_ \`${filter}\`.`;
}
