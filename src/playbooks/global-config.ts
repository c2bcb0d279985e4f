/** What globalConfig gives to actions, and what in it says nothing to anybody. */
import * as z from "zod";
import type { Problem } from "../errors.ts";
import { didYouMean, quoted } from "../tools/did-you-mean.ts";
import type { AnyAction } from "./action.ts";
import type { Configuration } from "./configuration.ts";
import { knownKeys } from "./params.ts";

/** Read by Cortado itself. */
const ownKeys = ["cluster_name", "custom_severity_map"];

/** Keys of Robusta's globalConfig for what Cortado does not have, or has elsewhere. */
const modelKeys = new Set([
  "account_id",
  "alertmanager_additional_headers",
  "alertmanager_auth",
  "alertmanager_flavor",
  "alertmanager_url",
  "check_prometheus_flags",
  "grafana_api_key",
  "grafana_dashboard_uid",
  "grafana_url",
  "prometheus_rule_custom_labels",
  "prometheus_rule_group_name",
  "signing_key",
]);

/** The params that a schema declares. */
export const declaredKeys = (schema: z.ZodType): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : knownKeys(schema);

/** Helm values have something empty where nothing is set. */
export const isSet = (value: unknown): boolean =>
  value !== undefined && value !== "" && !(typeof value === "object" && Object.keys(value ?? {}).length === 0);

/** What stands in globalConfig and reaches nothing. */
export function unusedGlobals({ globalConfig, origin }: Configuration, actions: readonly AnyAction[]): Problem[] {
  const written = Object.keys(globalConfig);
  if (written.length === 0) return [];
  const known = new Set([...ownKeys, ...actions.flatMap(({ params }) => declaredKeys(params))]);
  return written
    .filter((key) => !known.has(key))
    .map((key) => ({
      at: origin.source.locate([...origin.globalConfigPath, key], "key"),
      message: modelKeys.has(key)
        ? `${quoted(key)} of globalConfig says nothing to Cortado and is ignored.`
        : `No action has a param ${quoted(key)}, so this reaches none${didYouMean(key, [...known])}`,
    }));
}
