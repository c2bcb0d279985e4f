import * as z from "zod";
import { vocabulary } from "../services.ts";

type What = "actions" | "triggers" | "sinks";

/** Prints what a configuration may name, one a line, or as JSON with the schemas of the params. */
export async function list(what: What, { json = false }: { json?: boolean }): Promise<void> {
  const { triggers, builtinActions, sinkTypes } = await vocabulary();
  const all = {
    actions: () =>
      builtinActions.map(({ name, description, on, effects, params }) => ({
        name,
        description,
        on: on.name,
        effects,
        params: schemaOf(params),
      })),
    triggers: () =>
      triggers.map(({ name, description, emits, params }) => ({
        name,
        description,
        emits: emits.name,
        params: schemaOf(params),
      })),
    sinks: () =>
      [...sinkTypes.values()].map(({ type, description, params }) => ({
        name: type,
        description,
        params: schemaOf(params),
      })),
  };
  const items = all[what]();
  if (json) return console.log(JSON.stringify(items, undefined, 2));
  const width = Math.max(...items.map(({ name }) => name.length));
  console.log(items.map(({ name, description }) => `${name.padEnd(width)}  ${description}`).join("\n"));
}

/** What users write: the input, in which defaults may be left out. */
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
