import { paramsSchema } from "../playbooks/json-schema.ts";
import { vocabulary } from "../services/generation.ts";

type What = "actions" | "triggers" | "sinks";

/** Prints what a configuration may name, one a line, or as JSON with the schemas of the params. */
export async function list(what: What, { json = false }: { json?: boolean }): Promise<void> {
  const items = await itemsOf(what);
  if (json) return console.log(JSON.stringify(items, undefined, 2));
  const width = Math.max(...items.map(({ name }) => name.length));
  console.log(items.map(({ name, description }) => `${name.padEnd(width)}  ${description}`).join("\n"));
}

/** What there is of a sort: plain data, with the schema of what users write as params. */
export async function itemsOf(what: What) {
  const { triggers, builtinActions, sinkTypes } = await vocabulary();
  const all = {
    actions: () =>
      builtinActions.map(({ name, description, on, effects, retry, timeout, permissions, params }) => ({
        name,
        description,
        on: on.name,
        effects,
        retry,
        timeoutSeconds: timeout,
        permissions,
        params: paramsSchema(params),
      })),
    triggers: () =>
      triggers.map(({ name, description, emits, params }) => ({
        name,
        description,
        emits: emits.name,
        params: paramsSchema(params),
      })),
    sinks: () =>
      [...sinkTypes.values()].map(({ type, description, edits, params }) => ({
        name: type,
        description,
        edits,
        params: paramsSchema(params),
      })),
  };
  return all[what]();
}
