/**
 * The schema of a finding as JSON, as the file sink writes it and the webhook sink sends it. Held to the types at compile time. Nothing
 * that answers a webhook loads it.
 */
import * as z from "zod";
import { enrichmentTypes, linkTypes, severities, sources } from "../findings/finding.ts";
import { blockSchema, markdownText, milliseconds } from "./block-schema.ts";
import { type FindingJson, findingJsonVersion } from "./finding-json.ts";
import type { Same } from "./same-type.ts";

const texts = z.record(z.string(), z.string());
const may = <T extends z.ZodType>(schema: T) => z.exactOptional(schema);
const list = <T extends z.ZodType>(schema: T) => z.array(schema).readonly();

const subject = z.object({
  name: z.string(),
  kind: z.string().describe("In lower case, `pod`; `none` where it is about no object."),
  namespace: may(z.string()),
  node: may(z.string()),
  container: may(z.string()),
  workload: may(z.string()).describe("What it belongs to: `deployment/checkout`."),
  labels: texts,
  annotations: texts,
});

export const findingSchema = z.object({
  version: z
    .literal(findingJsonVersion)
    .describe("Grows by one when a reader of the form before could misread it; new fields alone do not change it."),
  messageId: z.string().describe("Names the message, the same in every attempt."),
  possiblyRepeated: may(z.literal(true)).describe("Only where an earlier attempt may have delivered it already."),
  enrichmentsLeftOut: may(z.number()).describe("How many enrichments were left out to keep within a limit of size."),
  title: z.string(),
  description: may(markdownText),
  aggregationKey: z.string(),
  severity: z.enum(severities),
  source: z.enum(sources),
  status: z.enum(["firing", "resolved"]),
  subject,
  cluster: z.string(),
  fingerprint: z.string().describe("The alert's own, else a hash of what and whom it is about."),
  startsAt: may(milliseconds),
  endsAt: may(milliseconds),
  links: list(z.object({ name: z.string(), url: z.string(), type: may(z.enum(linkTypes)) })),
  enrichments: list(
    z.object({ title: may(z.string()), type: may(z.enum(enrichmentTypes)), blocks: list(blockSchema) }),
  ),
  notes: list(z.string()).describe("What the reader must know about how this came to be."),
});

/** Does not compile where the schema and the types differ. */
export const findingSchemaIsExact: Same<z.output<typeof findingSchema>, FindingJson> = true;

/** The JSON Schema, for readers in any language. Fields that it does not know may come. */
export const findingJsonSchema = () =>
  z.toJSONSchema(findingSchema, {
    io: "input",
    override({ jsonSchema }) {
      // That our own types are readonly says nothing to a reader of the file.
      delete jsonSchema.readOnly;
    },
  });
