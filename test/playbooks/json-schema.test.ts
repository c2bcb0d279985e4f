import { describe, expect, it } from "vitest";
import * as z from "zod";
import { configurationSchema } from "../../src/playbooks/json-schema.ts";
import { actions, triggers, vocabulary } from "./vocabulary.ts";

const sinkTypes = new Map([...vocabulary.sinkTypes].map(([name, type]) => [name, { ...type, description: name }]));
const schema = configurationSchema(triggers, actions, sinkTypes);

/** The other way round, zod reads a JSON Schema: what an editor would say. */
const takes = (configuration: unknown) => z.fromJSONSchema(schema).safeParse(configuration).success;

const playbook = (trigger: unknown, action: unknown) => ({
  customPlaybooks: [{ triggers: [trigger], actions: [action] }],
});
const update = { on_pod_update: null };

describe("the JSON Schema of the configuration", () => {
  it.each<[string, boolean, unknown]>([
    ["an empty one", true, {}],
    ["sections that are empty", true, { customPlaybooks: null, sinksConfig: null }],
    ["a playbook", true, playbook({ on_prometheus_alert: { alert_name: "X" } }, { logs_enricher: { previous: true } })],
    ["null for no params", true, playbook(update, { logs_enricher: null })],
    [
      "the keys of Robusta's own file",
      true,
      { active_playbooks: [{ triggers: [update], actions: [{ logs_enricher: {} }] }] },
    ],
    ["the keys of Robusta's installation", true, { runner: { image: "x" } }],
    [
      "booleans and numbers as strings",
      true,
      playbook(update, { logs_enricher: { previous: "true", tail_lines: "{{ env.X }}" } }),
    ],
    [
      "a reference for a URL",
      true,
      playbook(update, { argo_app_sync: { argo_url: "{{ env.URL }}", argo_token: "t" } }),
    ],
    ["params that globalConfig may have", true, playbook(update, { pod_bash_enricher: {} })],
    ["an unknown section", false, { customPlaybook: [] }],
    ["an unknown trigger", false, playbook({ on_pod_updat: null }, { logs_enricher: null })],
    ["an unknown action", false, playbook(update, { log_enricher: null })],
    ["an unknown parameter", false, playbook(update, { logs_enricher: { tail: 1 } })],
    ["a list for a string", false, playbook(update, { pod_bash_enricher: { bash_command: ["ls"] } })],
    [
      "two actions under one dash",
      false,
      playbook(update, { logs_enricher: null, pod_bash_enricher: { bash_command: "x" } }),
    ],
    ["a sink without what it needs", false, { sinksConfig: [{ slack_sink: { name: "x" } }] }],
  ])("%s: %s", (_, expected, configuration) => {
    expect(takes(configuration)).toBe(expected);
  });
});
