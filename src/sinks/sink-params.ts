/** What every sink's parameters share, whatever its type. */
import * as z from "zod";
import { scopeSchema } from "../scope.ts";
import { regexProblem } from "../tools/regex.ts";
import { editedGroupingSchema, groupingSchema } from "./grouping.ts";
import { activitySchema, muteIntervalsSchema } from "./quiet.ts";

const noFindingType = "Findings have no type here; use `source`, `severity` or `identifier`.";
const noNamespaceLabels = "Labels of namespaces are not read yet; use `namespace`.";

/** A key of the model that Cortado does not have yet. Only a value that asks for nothing is taken. */
export const notYet = (reason: string) => z.never({ error: reason }).optional().describe(reason);
export const onlyValue = <const V extends boolean>(value: V, reason: string) =>
  z.literal(value, { error: reason }).optional().describe(reason);

const patterns = (problem: (source: string) => string | undefined) => {
  const one = z.string().superRefine((source, context) => {
    const message = problem(source);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
  return z.union([one, z.array(one)]).optional();
};
const prefix = patterns(regexProblem);
const subset = z.union([z.string(), z.record(z.string(), z.string()), z.array(z.string())]).optional();

const matchSchema = z.strictObject({
  title: prefix,
  identifier: prefix,
  severity: prefix,
  source: prefix,
  kind: prefix,
  namespace: prefix,
  node: prefix,
  name: prefix,
  labels: subset,
  annotations: subset,
  type: notYet(noFindingType),
  namespace_labels: notYet(noNamespaceLabels),
});

export const sinkParamsShape = {
  name: z.string().min(1).describe("Names the sink; playbooks choose sinks by it. No two have the same."),
  default: z.boolean().default(true).describe("Whether it is told of playbooks that name no sinks."),
  match: matchSchema
    .optional()
    .describe("Older than `scope`: regular expressions that the beginning of each attribute must match."),
  scope: scopeSchema(
    ["title", "identifier", "severity", "source", "kind", "namespace", "node", "name", "labels", "annotations"],
    { type: noFindingType, namespace_labels: noNamespaceLabels },
  )
    .optional()
    .describe("Which findings it takes: matchers to include and to exclude."),
  stop: z
    .boolean()
    .default(false)
    .describe("Once it has taken a finding, no further finding of that event goes anywhere."),
  send_svg: onlyValue(false, "This sink uploads no graphs, so there is no SVG to send; slack_sink does."),
  prefer_redirect_to_platform: onlyValue(false, "There is no platform to redirect to."),
  activity: activitySchema
    .optional()
    .describe(
      "When it is told of what is new; at other times it is not, nor later but by `digest`. Messages that there are resolve at any time.",
    ),
  mute_intervals: muteIntervalsSchema
    .optional()
    .describe("When it is told of nothing new, by dates. Messages that there are resolve at any time."),
  digest: z
    .boolean()
    .default(false)
    .describe(
      "Whether what it was not told because of `activity` or `mute_intervals` is summed up in one message. The first delivery that is worked after that time brings it, whatever it is about; what is older than 14 days is left out.",
    ),
  grouping: groupingSchema
    .optional()
    .describe("Findings that belong together: the first of them can be left out. What is ignored is not told later."),
};

/** The same for sinks whose messages can be edited and replied to. */
export const editedSinkParamsShape = {
  ...sinkParamsShape,
  grouping: editedGroupingSchema
    .optional()
    .describe(
      "Findings that belong together: the first of them can be left out, or all be summed up in one message that is edited.",
    ),
};

const sinkParams = z.strictObject(editedSinkParamsShape);

/** What routing needs to know of a sink. */
export type SinkParams = Pick<
  z.output<typeof sinkParams>,
  "name" | "default" | "match" | "scope" | "stop" | "activity" | "mute_intervals" | "digest" | "grouping"
>;
export type SinkMatch = NonNullable<SinkParams["match"]>;
