/** Writes docs/reference.md: every action, trigger and sink with its params. Run by `npm run generate`; a test holds the page to it. */
import { writeFileSync } from "node:fs";
import * as z from "zod";
import { isSubclass } from "../src/events/event-class.ts";
import { withArticle } from "../src/playbooks/names.ts";
import { vocabulary } from "../src/services/generation.ts";

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

type Trigger = (typeof triggers)[number];

/** The triggers that share their params are told together: those of one kind of object differ in its name alone. */
const triggersByParams = [...Map.groupBy(triggers, ({ params }) => params).values()];

function triggerSection(together: readonly Trigger[]): string {
  const [first, ...more] = together;
  if (first === undefined) return "";
  const table = paramsTable(first.params);
  if (more.length === 0)
    return `### ${first.name}\n\n${first.description} Gives ${withArticle(first.emits.name)}.\n\n${table}`;
  const names = together.map(({ name }) => code(name)).join(", ");
  return `### ${sharedTitle(together)}\n\n${names}\n\n${table}`;
}

/** `on_kubernetes_warning_event_*`; those of all the kinds have nothing in common but `on_`. */
function sharedTitle(together: readonly Trigger[]): string {
  const words = together.map(({ name }) => name.split("_"));
  const shared = words[0]?.filter((word, index) => words.every((of) => of[index] === word)) ?? [];
  return shared.length > 1 ? `${shared.join("_")}_\\*` : "Changes of objects";
}

interface Column {
  readonly title: string;
  /** Event classes that the same actions take. */
  readonly classes: readonly string[];
  readonly takenBy: ReadonlySet<string>;
}

/** The event classes that triggers give, those side by side that no action tells apart. */
function eventColumns(): readonly Column[] {
  const emitted = [...new Map(triggers.map(({ emits }) => [emits.name, emits])).values()];
  const takers = (emits: (typeof emitted)[number]) =>
    actions.filter(({ on }) => isSubclass(emits, on)).map(({ name }) => name);
  const together = [...Map.groupBy(emitted, (emits) => takers(emits).join()).values()];
  return together.map((classes) => {
    const names = classes.map(({ name }) => name);
    const [first] = classes;
    return {
      title: titleOf(names),
      classes: names,
      takenBy: new Set(first === undefined ? [] : takers(first)),
    };
  });
}

const titleOf = (names: readonly string[]): string =>
  names.length > 1 && names.every((name) => name.endsWith("ChangeEvent"))
    ? "other changes"
    : names.join(", ").replace(/ChangeEvent$/, " changes");

const columns = eventColumns();
const ofClass = (name: string) =>
  triggers
    .filter(({ emits }) => emits.name === name)
    .map((trigger) => code(trigger.name))
    .join(", ");

const actionsByEvent = `| action | ${columns.map(({ title }) => title).join(" | ")} |
|---|${columns.map(() => "---|").join("")}
${actions.map(({ name }) => `| [\`${name}\`](#${name}) | ${columns.map(({ takenBy }) => (takenBy.has(name) ? "yes" : "")).join(" | ")} |`).join("\n")}
`;

const triggersByEvent = `| event class | given by | in the column |
|---|---|---|
${columns.flatMap(({ title, classes }) => classes.map((name) => `| ${name} | ${ofClass(name)} | ${title} |`)).join("\n")}
`;

export const reference = `<!-- Written by \`npm run generate\`. Do not edit. -->
# Actions, triggers and sinks

\`cortado actions\`, \`cortado triggers\` and \`cortado sinks\` say the same, with \`--json\` as JSON Schema.

## Actions

| action | takes | effects |
|---|---|---|
${actions.map(({ name, on, effects }) => `| [\`${name}\`](#${name}) | ${on.name} | ${effects} |`).join("\n")}

### Which action takes which events

An action takes the events of the class that it names and of all classes below it.

${actionsByEvent}
${triggersByEvent}
${actions.map(({ name, description, params }) => `### ${name}\n\n${description}\n\n${paramsTable(params)}`).join("\n")}
## Triggers

${triggersByParams.map(triggerSection).join("\n")}
## Sinks

${[...sinkTypes.values()].map(({ type, description, params }) => `### ${type}\n\n${description}\n\n${paramsTable(params)}`).join("\n")}`;

if (import.meta.main) writeFileSync(new URL("../docs/reference.md", import.meta.url), reference);
