/** Writes docs/reference.md: every action, trigger and sink with its params. Run by `npm run generate`; a test holds the page to it. */
import { writeFileSync } from "node:fs";
import * as z from "zod";
import { isSubclass } from "../src/events/event-class.ts";
import { vocabulary } from "../src/services.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

const { builtinActions, triggers, sinkTypes } = await vocabulary();
const actions = builtinActions.toSorted((a, b) => a.name.localeCompare(b.name));

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (value: unknown) => `\`${cell(typeof value === "string" ? value : JSON.stringify(value))}\``;

function paramsTable(params: z.ZodType): string {
  const schema: JsonSchema = z.toJSONSchema(params, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    typeof property === "boolean" || property.not !== undefined
      ? undefined
      : `| \`${name}\` | ${typeOf(property)} | ${required.has(name) ? "**required**" : defaultOf(property)} | ${cell(property.description ?? "")} |`,
  );
  const shown = rows.filter((row) => row !== undefined);
  if (shown.length === 0) return "It takes no params.\n";
  return `| param | type | default | |\n|---|---|---|---|\n${shown.join("\n")}\n`;
}

const defaultOf = (property: JsonSchema) => (property.default === undefined ? "" : code(property.default));

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.const !== undefined) return code(schema.const);
  const choices = schema.anyOf?.filter((choice) => choice.type !== "null");
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(" or ");
  if (schema.type !== "array")
    return [schema.type ?? "any"]
      .flat()
      .filter((type) => type !== "null")
      .join(" or ");
  return typeof schema.items === "object" && !Array.isArray(schema.items) ? `list of ${typeOf(schema.items)}` : "list";
}

/** The triggers whose params are the same are told together: those of one kind differ in its name alone. */
const ofKinds = triggers.filter(({ delivery }) => delivery === "change");
const others = triggers.filter(({ delivery }) => delivery !== "change");
const [ofKind] = ofKinds;

const under = (on: (typeof actions)[number]["on"]) => {
  const alert = others.some(({ emits }) => isSubclass(emits, on));
  const change = ofKinds.some(({ emits }) => isSubclass(emits, on));
  return [alert ? "alerts" : "", change ? "changes" : ""].filter((word) => word !== "").join(", ");
};

export const reference = `<!-- Written by \`npm run generate\`. Do not edit. -->
# Actions, triggers and sinks

\`cortado actions\`, \`cortado triggers\` and \`cortado sinks\` say the same, with \`--json\` as JSON Schema.

## Actions

| action | takes | under | effects |
|---|---|---|---|
${actions.map(({ name, on, effects }) => `| [\`${name}\`](#${name}) | ${on.name} | ${under(on)} | ${effects} |`).join("\n")}

${actions.map(({ name, description, params }) => `### ${name}\n\n${description}\n\n${paramsTable(params)}`).join("\n")}
## Triggers

${others.map(({ name, description, emits, params }) => `### ${name}\n\n${description} Gives a ${emits.name}.\n\n${paramsTable(params)}`).join("\n")}
### Changes of objects

${ofKinds.map(({ name }) => `\`${name}\``).join(", ")}

${ofKind === undefined ? "" : paramsTable(ofKind.params)}
## Sinks

${[...sinkTypes.values()].map(({ type, description, params }) => `### ${type}\n\n${description}\n\n${paramsTable(params)}`).join("\n")}`;

if (import.meta.main) writeFileSync(new URL("../docs/reference.md", import.meta.url), reference);
