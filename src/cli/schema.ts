import { configurationSchema } from "../playbooks/json-schema.ts";
import { vocabulary } from "../services.ts";

/** Prints the JSON Schema of the configuration, with the params of everything that Cortado brings. */
export async function schema(): Promise<void> {
  const { triggers, builtinActions, sinkTypes } = await vocabulary();
  console.log(JSON.stringify(configurationSchema(triggers, builtinActions, sinkTypes), undefined, 2));
}
