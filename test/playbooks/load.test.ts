import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { readConfiguration } from "../../src/playbooks/configuration.ts";
import { load, loadPlaybooks } from "../../src/playbooks/load.ts";
import { playbook } from "../../src/playbooks/playbook.ts";
import { useTrigger } from "../../src/triggers/trigger.ts";
import { onPodUpdate, onPrometheusAlert, podBashEnricher, podChangeMonitor, vocabulary } from "./vocabulary.ts";

const read = (text: string) => readConfiguration(text, { file: "c.yaml" });
const loaded = (text: string) => loadPlaybooks(read(text), vocabulary);

/** A file with one playbook: its triggers are in line 2 and its actions in line 3, each from column 14. */
const one = (triggers: string, actions: string, rest = "") =>
  `customPlaybooks:\n- triggers: [${triggers}]\n  actions:  [${actions}]\n${rest}`;

const problemsOf = (text: string) =>
  load(read(text), vocabulary).problems.map(({ at, message }) => `${at.slice("c.yaml:".length)} ${message}`);

describe("playbooks", () => {
  it("load as Robusta's documentation has them", () => {
    const playbooks = loaded(`
customPlaybooks:            # helm; in the runner file the key is active_playbooks
- name: "MyPlaybook"        # helm only (disabledPlaybooks), NOT a field of PlaybookDefinition
  triggers:                 # list; each item a dict with EXACTLY ONE trigger key
  - on_prometheus_alert: {alert_name: X, scope: {include: [{labels: ["team=a"]}]}}
  - on_pod_update: {}       # OR between triggers; first that fires wins
  actions:                  # list of single-key dicts, run in order
  - logs_enricher: {}
  - create_finding: {title: "$name broke", aggregation_key: "X", severity: HIGH}
  sinks: ["main_slack"]     # optional; else every sink with default: true
  stop: true                # optional; no later playbook sees this event
sinksConfig:
- slack_sink: {name: main_slack, slack_channel: alerts, api_key: xoxb-1}
`);
    expect(
      playbooks.map(({ triggers, steps, ...rest }) => ({
        ...rest,
        triggers: triggers.map(({ trigger, params }) => [trigger.name, params]),
        steps: steps.map(({ action, params }) => [action.name, params]),
      })),
    ).toEqual([
      {
        id: "MyPlaybook",
        name: "MyPlaybook",
        at: "c.yaml:3",
        triggers: [
          [
            "on_prometheus_alert",
            { alert_name: "X", status: "firing", repeat: "never", scope: { include: [{ labels: ["team=a"] }] } },
          ],
          ["on_pod_update", {}],
        ],
        steps: [
          ["logs_enricher", { previous: false }],
          ["create_finding", { title: "$name broke", aggregation_key: "X", severity: "HIGH" }],
        ],
        sinks: ["main_slack"],
        stop: true,
      },
    ]);
  });

  it.each<[string, string, string, unknown]>([
    ["nothing", "logs_enricher: ", "", { previous: false }],
    [
      "numbers and booleans as strings",
      'logs_enricher: {previous: "true", tail_lines: "20"}',
      "",
      { previous: true, tail_lines: 20 },
    ],
    ["Python's booleans", "logs_enricher: {previous: False}", "", { previous: false }],
    ["YAML 1.1's booleans", "logs_enricher: {previous: yes}", "", { previous: true }],
    ["a whole number for a string", "pod_bash_enricher: {bash_command: 7}", "", { bash_command: "7" }],
    [
      "a default from globalConfig",
      "pod_bash_enricher: ",
      "globalConfig: {bash_command: ps, other: 1}",
      { bash_command: "ps" },
    ],
    [
      "its own before that of globalConfig",
      "pod_bash_enricher: {bash_command: ls}",
      "globalConfig: {bash_command: ps}",
      { bash_command: "ls" },
    ],
    [
      "nothing of globalConfig that it does not declare",
      "logs_enricher: ",
      "globalConfig: {bash_command: ps}",
      { previous: false },
    ],
  ])("give an action its params: %s", (_, action, rest, params) => {
    const [found] = loaded(one("on_pod_update: ", action, rest));
    expect(found?.steps[0]?.params).toEqual(params);
  });

  it("give triggers the top-level alertRepeat where they know it", () => {
    const text = one(
      "on_prometheus_alert: , on_prometheus_alert: {repeat: 1h}, on_pod_update: ",
      "logs_enricher: ",
      "alertRepeat: 4h",
    );
    const params = loaded(text)[0]?.triggers.map((use) => use.params);
    expect(params).toEqual([{ status: "firing", repeat: "4h" }, { status: "firing", repeat: "1h" }, {}]);
  });

  it.each<[string, string, string[]]>([
    [
      "an action for changes under alerts",
      one("on_prometheus_alert: ", "pod_change_monitor: "),
      [
        "3:14 pod_change_monitor takes a PodChangeEvent, but on_prometheus_alert emits a PrometheusKubernetesAlert; use a higher class: PodEvent.",
      ],
    ],
    [
      "an action for changes under alerts, where the trigger is wrong too",
      one("on_prometheus_alert: {status: firin}", "pod_change_monitor: "),
      [
        "2:44 `status` of on_prometheus_alert must be one of firing, resolved, all; did you mean `firing`?",
        "3:14 pod_change_monitor takes a PodChangeEvent, but on_prometheus_alert emits a PrometheusKubernetesAlert; use a higher class: PodEvent.",
      ],
    ],
    [
      "an action for alerts under changes, once for each trigger",
      one("on_pod_update: , on_kubernetes_any_resource_all_changes: ", "severity_silencer: "),
      [
        "3:14 severity_silencer takes a PrometheusKubernetesAlert, but on_pod_update emits a PodChangeEvent; use a higher class: PodEvent.",
        "3:14 severity_silencer takes a PrometheusKubernetesAlert, but on_kubernetes_any_resource_all_changes emits a KubernetesAnyChangeEvent; use a higher class: KubernetesResourceEvent.",
      ],
    ],
    [
      "names that are not there",
      one("on_pod_updated: ", "log_enricher: , LogsEnricher: , nonsense: ", "sinksConfig: [slak_sink: {name: a}]"),
      [
        "2:14 There is no trigger `on_pod_updated`; did you mean `on_pod_update`?",
        "3:14 There is no action `log_enricher`; did you mean `logs_enricher`?",
        "3:30 There is no action `LogsEnricher`; did you mean `logs_enricher`?",
        "3:46 There is no action `nonsense`.",
        "4:15 There is no sink `slak_sink`; did you mean `slack_sink`?",
      ],
    ],
    [
      "names that only Robusta has",
      one("on_schedule: ", "drain: ", "sinksConfig: [ms_teams_sink: {name: a}]"),
      [
        "2:14 `on_schedule` is a trigger of Robusta that Cortado does not have yet.",
        "3:14 `drain` is an action of Robusta that Cortado does not have yet.",
        "4:15 `ms_teams_sink` is a sink of Robusta that Cortado does not have yet.",
      ],
    ],
    [
      "a trigger among the actions, and an action among the triggers",
      one("logs_enricher: ", "on_pod_update: "),
      [
        "2:14 `logs_enricher` is an action, not a trigger; it belongs under `actions`.",
        "3:14 `on_pod_update` is a trigger, not an action; it belongs under `triggers`.",
      ],
    ],
    [
      "params that are unknown, missing, or wrong",
      one(
        "on_prometheus_alert: {alert_nam: X, status: firin}",
        "pod_bash_enricher: {bash_comand: ls}, argo_app_sync: {argo_url: argo, argo_token: [], rate_limit_seconds: 1.5}, logs_enricher: 7, logs_enricher: {tail_lines: -1}",
      ),
      [
        "2:36 on_prometheus_alert has no `alert_nam`; did you mean `alert_name`?",
        "2:58 `status` of on_prometheus_alert must be one of firing, resolved, all; did you mean `firing`?",
        "3:14 pod_bash_enricher needs `bash_command`, a string.",
        "3:34 pod_bash_enricher has no `bash_comand`; did you mean `bash_command`?",
        "3:78 `argo_url` of argo_app_sync: invalid URL.",
        "3:96 `argo_token` of argo_app_sync must be a string, not a list.",
        "3:120 `rate_limit_seconds` of argo_app_sync must be a whole number, not a number with a fraction.",
        "3:141 logs_enricher must be a map, not a whole number.",
        "3:172 `tail_lines` of logs_enricher: too small: expected number to be >0.",
      ],
    ],
    [
      "what is deep in params, with unions",
      one("on_prometheus_alert: {scope: {include: [{labls: a}, {labels: [{}]}], exclud: []}}", "logs_enricher: "),
      [
        "2:55 `scope.include[0]` of on_prometheus_alert has no `labls`; did you mean `labels`?",
        "2:76 `scope.include[1].labels[0]` of on_prometheus_alert must be a string, not a map.",
        "2:83 `scope` of on_prometheus_alert has no `exclud`; did you mean `exclude`?",
      ],
    ],
    [
      "a wrong value in globalConfig, where it is written",
      one("on_pod_update: ", "pod_bash_enricher: ", "globalConfig: {bash_command: [ls]}"),
      ["4:30 `bash_command` of pod_bash_enricher must be a string, not a list."],
    ],
    [
      "sinks that are not configured, and two of one name",
      `${one("on_pod_update: ", "logs_enricher: ", "  sinks: [main, man, other]")}\nsinksConfig:\n- webhook_sink: {name: main, url: "http://x"}\n- webhook_sink: {name: main, url: x}\n`,
      [
        "4:17 There is no sink called `man` in sinksConfig; did you mean `main`?",
        "4:22 There is no sink called `other` in sinksConfig.",
        "7:24 Another sink is called `main` already; names of sinks are unique.",
        "7:35 `url` of webhook_sink: invalid URL.",
      ],
    ],
  ])("are refused with line and column: %s", (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it("are refused as a whole, with every problem in one error", () => {
    const text = one("on_pod_update: ", "drain: , logs_enricher: ");
    expect(() => loaded(text)).toThrow(ConfigurationError);
    expect(load(read(text), vocabulary).playbooks).toEqual([]);
  });

  it("do not complain of actions that a repository which did not load may have", () => {
    const configuration = read(one("on_pod_update: ", "mine: "));
    expect(load(configuration, { ...vocabulary, incomplete: true }).problems).toEqual([]);
  });

  describe("have names and ids", () => {
    const two = (first: string, second: string) => `customPlaybooks:\n- ${first}\n- ${second}\n`;
    const plain = "{triggers: [on_pod_update: {}], actions: [logs_enricher: {previous: true}]}";
    const reordered = "{actions: [logs_enricher: {previous: true}], triggers: [on_pod_update: {}]}";
    const other = "{triggers: [on_pod_update: {}], actions: [logs_enricher: {previous: false}]}";
    const namesOf = (text: string) => loaded(text).map(({ name }) => name);
    const idsOf = (text: string) => loaded(text).map(({ id }) => id);

    it("that do not depend on where they stand", () => {
      expect(idsOf(two(plain, other))).toEqual([...idsOf(two(other, plain))].reverse());
      expect(idsOf(two(plain, other))[0]).toBe(idsOf(two(reordered, other))[0]);
      expect(idsOf(two(plain, other))[0]).toMatch(/^[0-9a-f]{16}$/);
    });

    it("that are distinct", () => {
      expect(namesOf(two(plain, plain))).toEqual(["on_pod_update: logs_enricher", "on_pod_update: logs_enricher 2"]);
      expect(new Set(idsOf(two(plain, plain))).size).toBe(2);
      const [first = "", second = ""] = [plain, plain].map((text) => text.replace("{", "{name: Mine, "));
      expect(namesOf(two(first, second))).toEqual(["Mine", "Mine 2"]);
    });

    it("that are fit for keys", () => {
      const [id] = idsOf(two(plain.replace("{", '{name: "My #1 playbook", '), other));
      expect(id).toMatch(/^My-1-playbook-[0-9a-f]{8}$/);
    });
  });

  describe("in TypeScript", () => {
    const change = useTrigger(onPodUpdate, { name_prefix: "web" });
    const enricher = podBashEnricher.with({ bash_command: "ls" });

    it("follow those in YAML", () => {
      const typed = playbook({ triggers: [change], actions: [enricher], stop: true });
      const located = { playbook: typed, exportName: "lookIntoPods", at: "/repo/playbooks.ts" };
      const configuration = read(one("on_pod_update: ", "logs_enricher: "));
      const playbooks = loadPlaybooks(configuration, { ...vocabulary, typedPlaybooks: [located] });
      expect(playbooks.map(({ name }) => name)).toEqual(["on_pod_update: logs_enricher", "lookIntoPods"]);
      expect(playbooks[1]).toEqual({
        id: "lookIntoPods",
        name: "lookIntoPods",
        at: "/repo/playbooks.ts",
        triggers: [change],
        steps: [{ action: podBashEnricher, params: { bash_command: "ls" } }],
        stop: true,
      });
    });

    it("are checked again, as JavaScript has no compiler", () => {
      const typed = playbook({ triggers: [useTrigger(onPrometheusAlert, {})], actions: [enricher], sinks: ["gone"] });
      const forced = { ...typed, actions: [podChangeMonitor.with({})] };
      const located = { playbook: forced, exportName: "mine", at: "/repo/a.js" };
      expect(load(read(""), { ...vocabulary, typedPlaybooks: [located] }).problems).toEqual([
        { at: "/repo/a.js", message: "mine: There is no sink called `gone`, and no other in sinksConfig." },
        {
          at: "/repo/a.js",
          message:
            "mine: pod_change_monitor takes a PodChangeEvent, but on_prometheus_alert emits a PrometheusKubernetesAlert; use a higher class: PodEvent.",
        },
      ]);
    });
  });
});
