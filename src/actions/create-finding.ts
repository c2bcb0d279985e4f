import * as z from "zod";
import { action, ExecutionBaseEvent, fillTemplate } from "../index.ts";

const places = `$name, $kind, $namespace, $node, \${labels.X} and \${annotations.X} are filled in`;

export const createFinding = action({
  name: "create_finding",
  description: "Makes a finding of its own, to which what the actions after it find is added.",
  on: ExecutionBaseEvent,
  effects: "read",
  params: z.strictObject({
    title: z.string().min(1).describe(`The finding's title; ${places}`),
    aggregation_key: z.string().min(1).describe("Names what kind of thing was found, for sinks that match on it"),
    description: z.string().nullish().describe(`A text below the title; ${places}`),
    severity: z
      .enum(["DEBUG", "INFO", "LOW", "MEDIUM", "HIGH"])
      .nullish()
      .default("HIGH")
      .describe("How much it matters"),
  }),
  run(event, { title, aggregation_key, description, severity }) {
    const subject = event.getSubject();
    event.addFinding({
      title: fillTemplate(title, subject),
      aggregationKey: aggregation_key,
      severity: severity ?? "HIGH",
      ...(description ? { description: fillTemplate(description, subject) } : {}),
    });
  },
});
