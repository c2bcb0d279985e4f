import * as z from "zod";
import { action, ExecutionBaseEvent, expandMatch, fillTemplate, type Subject } from "../index.ts";
import { regexParam } from "./shared/redaction-params.ts";

const places = `$name, $kind, $namespace, $node, \${labels.X} and \${annotations.X} are filled in`;

const findingLabelRule = z.strictObject({
  source_fields: z
    .array(z.string().regex(/^(name|namespace|kind|node|labels\..+|annotations\..+)$/))
    .min(1)
    .describe("name, namespace, kind, node, labels.X, annotations.X; one that is missing is empty"),
  separator: z.string().default(";").describe("What stands between the fields' values"),
  regex: regexParam.describe("What the values, joined, must match as a whole (RE2 syntax)"),
  target_label: z.string().min(1).describe("The label that is set"),
  replacement: z.string().describe("Its value; $1, $2 and so on are what the groups of `regex` match"),
});
type FindingLabelRule = z.output<typeof findingLabelRule>;

export const customiseFinding = action({
  name: "customise_finding",
  description: "Changes what the findings say that the actions before it have made.",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({
    title: z.string().nullish().describe(`The title; ${places}`),
    description: z.string().nullish().describe(`The text below the title; ${places}`),
    severity: z.enum(["DEBUG", "INFO", "LOW", "MEDIUM", "HIGH"]).nullish().describe("How much it matters"),
    aggregation_key: z.string().nullish().describe("Names what kind of thing was found, for sinks that match on it"),
    finding_label_rules: z
      .array(findingLabelRule)
      .nullish()
      .describe(
        "Labels that the findings get, for sinks that match on them; every rule that matches applies, in order",
      ),
  }),
  run(event, { title, description, severity, aggregation_key, finding_label_rules }) {
    const subject = event.getSubject();
    const labels = relabel(subject, finding_label_rules ?? []);
    event.overrideFinding({
      ...(title ? { title: fillTemplate(title, subject) } : {}),
      ...(description ? { description: fillTemplate(description, subject) } : {}),
      ...(severity ? { severity } : {}),
      ...(aggregation_key ? { aggregationKey: aggregation_key } : {}),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    });
  },
});

/** The labels that the rules set. A rule sees what those before it have set. */
function relabel(subject: Subject, rules: readonly FindingLabelRule[]): Record<string, string> {
  const set: Record<string, string> = {};
  for (const { source_fields, separator, regex, target_label, replacement } of rules) {
    const now = { ...subject, labels: { ...subject.labels, ...set } };
    const text = source_fields.map((field) => fieldOf(now, field)).join(separator);
    const value = expandMatch(regex, text, replacement);
    if (value !== undefined) set[target_label] = value;
  }
  return set;
}

function fieldOf(subject: Subject, field: string): string {
  const [group, ...rest] = field.split(".");
  const key = rest.join(".");
  if (group === "labels") return subject.labels[key] ?? "";
  if (group === "annotations") return subject.annotations[key] ?? "";
  const plain: Readonly<Record<string, string | undefined>> = {
    name: subject.name,
    namespace: subject.namespace,
    kind: subject.kind,
    node: subject.node,
  };
  return plain[field] ?? "";
}
