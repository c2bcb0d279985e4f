import { configurationSchema } from "../playbooks/json-schema.ts";
import { vocabulary } from "../services/generation.ts";
import { findingJsonSchema } from "../sinks/finding-schema.ts";

/** Prints a JSON Schema: of the configuration, with the params of everything that Cortado brings, or of a finding. */
export async function schema(what: "configuration" | "finding"): Promise<void> {
  console.log(JSON.stringify(what === "finding" ? findingJsonSchema() : await ofConfiguration(), undefined, 2));
}

async function ofConfiguration() {
  const { triggers, builtinActions, sinkTypes } = await vocabulary();
  return configurationSchema(triggers, builtinActions, sinkTypes);
}
