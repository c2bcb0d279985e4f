/** Which findings belong together at a sink, and how it is told of them. */
import * as z from "zod";
import type { Finding } from "../findings/finding.ts";

const attributes = {
  cluster: ({ cluster }) => cluster,
  identifier: ({ aggregationKey }) => aggregationKey,
  title: ({ title }) => title,
  severity: ({ severity }) => severity,
  source: ({ source }) => source,
  fingerprint: ({ fingerprint }) => fingerprint,
  kind: ({ subject }) => subject.kind,
  namespace: ({ subject }) => subject.namespace,
  node: ({ subject }) => subject.node,
  name: ({ subject }) => subject.name,
  workload: ({ subject }) => subject.workload ?? `${subject.kind}/${subject.name}`,
} as const satisfies Readonly<Record<string, (finding: Finding) => string | undefined>>;

type Attribute = keyof typeof attributes;
const isAttribute = (name: string): name is Attribute => Object.hasOwn(attributes, name);

const names = z.array(z.string().min(1)).min(1);
const error = `Findings are grouped by ${Object.keys(attributes).join(", ")}, \`labels: […]\` or \`annotations: […]\`.`;
const groupBySchema = z
  .array(
    z.union(
      [
        z.string().refine(isAttribute, { error }),
        z.strictObject({ labels: names }),
        z.strictObject({ annotations: names }),
      ],
      { error },
    ),
  )
  .min(1, { error: "Give at least one attribute." });

const day = 86_400;
/** Their names are kept in one item of the state table. */
const mostIgnored = 1_000;

const regular = z.strictObject({
  ignore_first: z
    .int()
    .min(0)
    .max(mostIgnored)
    .default(0)
    .describe("How many findings of a group and an interval are not told."),
});
const summary = z.strictObject({
  threaded: z.boolean().default(true).describe("Whether findings have messages of their own, in the summary's thread."),
  by: groupBySchema.default(["identifier"]).describe("What the summary counts by."),
});

const grouping = <S extends z.ZodType>(summarySchema: S) =>
  z.strictObject({
    group_by: groupBySchema.default(["cluster"]).describe("What the findings of a group have in common."),
    interval: z
      .int()
      .min(1)
      .max(7 * day)
      .default(900)
      .describe("In seconds. It begins with a group's first finding; the first one after it begins another."),
    notification_mode: z
      .strictObject({ regular: regular.optional(), summary: summarySchema })
      .refine((mode) => Object.values(mode).filter((way) => way !== undefined).length === 1, {
        error: "Say how, in one way: `regular: {ignore_first: 2}`, or `summary: {}` where there are summaries.",
      }),
  });

/** Of a sink whose messages can be edited and replied to. */
export const editedGroupingSchema = grouping(summary.optional());
/** Of any other. */
export const groupingSchema = grouping(
  z
    .never({ error: "A summary is edited, and messages are in its thread, which this sink cannot do; slack_sink can." })
    .optional(),
);

export type Grouping = z.output<typeof editedGroupingSchema>;
export type GroupBy = Grouping["group_by"][number];

/** One thing that the findings of a group have in common. */
export interface Trait {
  /** `namespace`, `label app`. */
  readonly name: string;
  /** Undefined where the finding has no such thing: those without are a group too. */
  readonly value: string | undefined;
}

export const traitsOf = (finding: Finding, groupBy: readonly GroupBy[]): readonly Trait[] =>
  groupBy.flatMap((by) => traitsBy(by, finding));

function traitsBy(by: GroupBy, finding: Finding): Trait[] {
  if (typeof by === "string") return [{ name: by, value: isAttribute(by) ? attributes[by](finding) : undefined }];
  if ("labels" in by)
    return by.labels.map((name) => ({ name: `label ${name}`, value: own(finding.subject.labels, name) }));
  return by.annotations.map((name) => ({ name: `annotation ${name}`, value: own(finding.subject.annotations, name) }));
}

const own = (texts: Readonly<Record<string, string>>, name: string) =>
  Object.hasOwn(texts, name) ? texts[name] : undefined;

/** Names the group in the state table. */
export const groupName = (sink: string, traits: readonly Trait[]): readonly string[] => [
  sink,
  ...traits.map(({ name, value }) => JSON.stringify([name, value ?? null])),
];

const traitSchema = z.tuple([z.string(), z.string().nullable()]);

/** What the findings of a group have in common, from its name. */
export const traitsOfGroup = ([, ...traits]: readonly string[]): readonly Trait[] =>
  traits.map((trait) => {
    const [name, value] = traitSchema.parse(JSON.parse(trait));
    return { name, value: value ?? undefined };
  });

/** `cluster prod-eu, no namespace, label app checkout` */
export const groupWords = (traits: readonly Trait[]): string =>
  traits.map(({ name, value }) => (value === undefined ? `no ${name}` : `${name} ${value}`)).join(", ");
