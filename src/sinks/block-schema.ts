/** The schema of blocks as JSON. It is held to their types at compile time. */
import * as z from "zod";
import type { Block, Json } from "../findings/blocks.ts";
import { scanSeverities } from "../findings/scan.ts";
import type { Same } from "./same-type.ts";

export const milliseconds = z.number().describe("Milliseconds since the epoch.");
export const markdownText = z
  .string()
  .describe("Slack's flavour of markdown: `*bold*`, `_italic_`, `<https://…|text>`.");

const json: z.ZodType<Json> = z.json();
const text = z.string();
const texts = z.array(text).readonly();
/** A field that may be left out, and is then not there. */
const may = <T extends z.ZodType>(schema: T) => z.exactOptional(schema);
const list = <T extends z.ZodType>(schema: T) => z.array(schema).readonly();

const blocks = [
  z.object({ type: z.literal("markdown"), text: markdownText }),
  z.object({ type: z.literal("header"), text }),
  z.object({ type: z.literal("divider") }),
  z.object({ type: z.literal("list"), items: list(markdownText) }),
  z.object({
    type: z.literal("table"),
    name: may(text),
    headers: texts,
    rows: list(texts),
    layout: may(z.enum(["horizontal", "vertical"])),
    formats: may(z.record(text, z.enum(["datetime"]))).describe("How the cells of a column are shown, by its header."),
    widths: may(list(z.number())).describe("The share of each column where there is too little room."),
  }),
  z.object({
    type: z.literal("file"),
    filename: text,
    contents: text,
    encoding: z.enum(["utf8", "base64"]).describe("How `contents` stands for bytes."),
    remarks: may(text).describe("Of a file without contents: why it has none."),
  }),
  z.object({ type: z.literal("json"), value: json }),
  z.object({ type: z.literal("links"), links: list(z.object({ text, url: text })) }),
  z.object({
    type: z.literal("diff"),
    name: text,
    changes: list(
      z.object({
        path: text.describe("As in `spec.containers[0].image`."),
        before: may(json).describe("Not there: the field was added."),
        after: may(json).describe("Not there: the field was removed."),
      }),
    ),
    operation: may(z.enum(["create", "update", "delete"])),
  }),
  z.object({
    type: z.literal("events"),
    name: text.describe("Whose: `Pod shop/checkout-7d9f`."),
    events: list(
      z.object({ type: text, reason: text, message: text, count: z.number(), lastSeen: text.describe("RFC 3339.") }),
    ),
  }),
  z.object({
    type: z.literal("graph"),
    title: text,
    format: z.enum(["plain", "bytes", "percentage", "cpu_usage"]),
    series: list(z.object({ name: text, points: list(z.tuple([milliseconds, z.number().nullable()]).readonly()) })),
    seriesLeftOut: may(z.number()),
    lines: may(list(z.object({ name: text, value: z.number() }))),
    marks: may(list(z.object({ name: text, at: milliseconds }))),
    legend: may(z.boolean()),
  }),
  z.object({
    type: z.literal("callback"),
    choices: list(
      z.object({
        text,
        action: text.describe("The action's name, as playbooks write it."),
        params: z.record(text, json),
        target: may(z.object({ kind: text, name: text, namespace: may(text) })),
      }),
    ),
  }),
  z.object({
    type: z.literal("scan"),
    title: text,
    scanner: text,
    startedAt: milliseconds,
    endedAt: milliseconds,
    score: may(z.number()).describe("From 0 to 100, the best."),
    config: may(text),
    rows: list(
      z.object({
        severity: z.enum(scanSeverities),
        scope: may(text),
        kind: may(text),
        namespace: may(text),
        name: may(text),
        container: may(text),
        found: texts,
      }),
    ),
  }),
  z.object({
    type: z.literal("analysis"),
    text: markdownText,
    sections: list(z.object({ title: text, text: markdownText })),
    evidence: list(z.object({ tool: text, description: text, result: text })),
  }),
] as const;

export const blockSchema = z.discriminatedUnion("type", blocks);

/** Does not compile where the schema and the types differ. */
export const blockSchemaIsExact: Same<z.output<typeof blockSchema>, Block> = true;
