/** The JSON Schema of cortado.yaml, from the zod schemas that read it: for completion and checks in editors. */
import * as z from "zod";
import type { AnyTrigger } from "../triggers/trigger.ts";
import type { AnyAction } from "./action.ts";
import { actionUse, installationKeys, runnerKeys, sections, sinkUse, triggerUse } from "./configuration-schema.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Named {
  readonly name: string;
  readonly description: string;
  readonly params: z.ZodType;
}

/**
 * The schema takes every configuration that loads. It cannot tell whether an action fits its triggers, whether sinks are there, or whether
 * globalConfig has what a step leaves out: `cortado check` does.
 */
export function configurationSchema(
  triggers: readonly AnyTrigger[],
  actions: readonly AnyAction[],
  sinkTypes: ReadonlyMap<string, Omit<Named, "name">>,
): JsonSchema {
  const uses = new Map<unknown, JsonSchema>([
    [triggerUse, oneOf(triggers)],
    [actionUse, oneOf(actions.map((action) => ({ ...action, optional: true })))],
    [sinkUse, oneOf([...sinkTypes].map(([name, type]) => ({ ...type, name })))],
  ]);
  const known = Object.entries(sections).map(([key, schema]) => [key, schema.nullish()] as const);
  const aliases = Object.entries(runnerKeys).map(([alias, key]) => [alias, sections[key].nullish()] as const);
  const ignored = [...installationKeys].map((key) => [key, z.unknown().optional()] as const);
  return z.toJSONSchema(z.strictObject(Object.fromEntries([...known, ...aliases, ...ignored])), {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      const use = uses.get(zodSchema);
      if (use) replace(jsonSchema, use);
      else alsoAsString(jsonSchema);
    },
  });
}

/** A map with one of the names as its only key. */
function oneOf(items: readonly (Named & { readonly optional?: boolean })[]): JsonSchema {
  const properties = items.map(({ name, description, params, optional }) => [
    name,
    { description, anyOf: [paramsSchema(params, optional ?? false), { type: "null" as const }] },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  };
}

/** The schema of one thing's params, as `cortado actions --json` shows it. */
export function paramsSchema(params: z.ZodType, optional = false): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(params, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => alsoAsString(jsonSchema),
  });
  // What globalConfig has, a step may leave out.
  if (optional) delete schema.required;
  return schema;
}

/** Numbers and booleans may be written as strings, and any value may be a reference. */
function alsoAsString(schema: JsonSchema): void {
  const { type, enum: values, format, pattern } = schema;
  const narrow = type === "number" || type === "integer" || type === "boolean" || values || format || pattern;
  if (!narrow) return;
  const { description, default: fallback, ...rest } = schema;
  const string = type === "string" ? { type, pattern: "\\{\\{" } : { type: "string" as const };
  replace(schema, {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [rest, string],
  });
}

function replace(schema: JsonSchema, by: JsonSchema): void {
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, by);
}
