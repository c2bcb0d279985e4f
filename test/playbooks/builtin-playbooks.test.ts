/** What runs without any configuration, beside what Robusta's Helm chart brings: each of its playbooks is here, or waits for something. */
import { describe, expect, it } from "vitest";
import { builtinPlaybooks, priorityBuiltinPlaybooks } from "../../src/playbooks/builtin-playbooks.ts";
import { checkConfiguration, loadGeneration } from "../../src/playbooks/generation.ts";
import { modelPlaybooks } from "../../src/playbooks/model-names.ts";
import type { Playbook } from "../../src/playbooks/playbook.ts";
import { vocabulary } from "../../src/services/generation.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const { builtinActions, triggers, sinkTypes, defaults } = await vocabulary();
const actionNames = builtinActions.map(({ name }) => name);
const triggerNames = triggers.map(({ name }) => name);

/** The name, its trigger, its actions in order, and what of these Cortado does not have yet. A playbook is here once one of its actions is. */
type Row = readonly [name: string, trigger: string, actions: string, waitsFor: string];

const priority: readonly Row[] = [
  ["CommonPrometheusAlertsSilencer", "on_prometheus_alert", "name_silencer", ""],
  ["MiniClustersPrometheusAlertsSilencer", "on_prometheus_alert", "name_silencer", ""],
  ["GKEProviderAlertsAlertsSilencer", "on_prometheus_alert", "name_silencer", ""],
  ["DONodeAgentCPUThrottlingHighAlertSilencer", "on_prometheus_alert", "silence_alert", ""],
  ["TargetDownSilencer", "on_prometheus_alert", "target_down_dns_silencer", ""],
];

const builtin: readonly Row[] = [
  ["CrashLoopBackOff", "on_pod_crash_loop", "report_crash_loop", ""],
  ["ImagePullBackOff", "on_image_pull_backoff", "image_pull_backoff_reporter", ""],
  ["PodEvicted", "on_pod_evicted", "pod_evicted_enricher pod_events_enricher enrich_pod_with_node_events", ""],
  ["KrrJobFailed", "on_job_failure", "fail_krr_scan", "fail_krr_scan"],
  ["PodOOMKill", "on_pod_oom_killed", "pod_oom_killer_enricher", ""],
  ["KubePodCrashLooping", "on_prometheus_alert", "logs_enricher pod_events_enricher", ""],
  ["PrometheusRuleFailures", "on_prometheus_alert", "prometheus_rules_enricher logs_enricher", ""],
  [
    "KubeCPUOvercommit",
    "on_prometheus_alert",
    "cpu_overcommited_enricher external_video_enricher",
    "external_video_enricher",
  ],
  [
    "KubeMemoryOvercommit",
    "on_prometheus_alert",
    "memory_overcommited_enricher external_video_enricher",
    "external_video_enricher",
  ],
  ["KubePodNotReady", "on_prometheus_alert", "logs_enricher pod_events_enricher pod_issue_investigator", ""],
  ["KubeContainerWaiting", "on_prometheus_alert", "pod_issue_investigator pod_events_enricher", ""],
  ["KubeHpaReplicasMismatch", "on_prometheus_alert", "hpa_mismatch_enricher", ""],
  ["KubeJobAlerts", "on_prometheus_alert", "job_info_enricher job_events_enricher job_pod_enricher", ""],
  ["KubeAggregatedAPIDown", "on_prometheus_alert", "api_service_status_enricher", ""],
  ["KubeletTooManyPods", "on_prometheus_alert", "node_pods_capacity_enricher alert_explanation_enricher", ""],
  [
    "KubeNodeNotReady",
    "on_prometheus_alert",
    "node_allocatable_resources_enricher node_running_pods_enricher status_enricher",
    "",
  ],
  ["KubeNodeUnreachable", "on_prometheus_alert", "resource_events_enricher node_status_enricher", ""],
  [
    "KubeStatefulSetReplicasMismatch",
    "on_prometheus_alert",
    "resource_events_enricher statefulset_replicas_enricher pod_issue_investigator",
    "",
  ],
  ["KubeStatefulSetUpdateNotRolledOut", "on_prometheus_alert", "related_pods statefulset_replicas_enricher", ""],
  [
    "KubeDaemonSetRolloutStuck",
    "on_prometheus_alert",
    "resource_events_enricher related_pods daemonset_status_enricher",
    "",
  ],
  ["K8sMisscheduled", "on_prometheus_alert", "daemonset_status_enricher daemonset_misscheduled_analysis_enricher", ""],
  ["HostHighCpuLoad", "on_prometheus_alert", "node_cpu_enricher alert_graph_enricher", ""],
  ["HostOomKillDetected", "on_prometheus_alert", "oom_killer_enricher alert_graph_enricher", ""],
  ["NodeFSSpaceAlerts", "on_prometheus_alert", "node_disk_analyzer alert_graph_enricher", "node_disk_analyzer"],
  ["CPUThrottlingHigh", "on_prometheus_alert", "cpu_throttling_analysis_enricher alert_graph_enricher", ""],
  [
    "DeploymentReplicasMismatch",
    "on_prometheus_alert",
    "pod_issue_investigator deployment_events_enricher deployment_events_enricher",
    "",
  ],
  ["KubeVersionMismatch", "on_prometheus_alert", "version_mismatch_enricher", ""],
  ["DefaultPrometheusAlertEnricher", "on_prometheus_alert", "default_enricher", ""],
  ["MiniClusterNodeFSSpaceAlerts", "on_prometheus_alert", "alert_explanation_enricher", ""],
];

/** Robusta has these only for its own user interface, and off until that is there. */
const platform =
  `PodEvictionReport K8sWarningEventsReport K8sChangeTracking IngressChangeTracking EventBasedChangeTracking
  K8sJobFailure WeeklyKRRScan RobustaMaintenance`.split(/\s+/);

const words = (text: string) => text.split(" ").filter((word) => word !== "");
const missing = ([, trigger, actions]: Row) => [
  ...(triggerNames.includes(trigger) ? [] : [trigger]),
  ...new Set(words(actions).filter((name) => !actionNames.includes(name))),
];

describe("the builtin playbooks", () => {
  it.each([...priority, ...builtin])("%s, on %s: %s; waits for: %s", (...row) => {
    expect(missing(row)).toEqual(words(row[3]));
  });

  it.each([
    ["before the custom ones", priority, priorityBuiltinPlaybooks],
    ["after them", builtin, builtinPlaybooks],
  ])("are all those whose parts are there, in Robusta's order: %s", (_, rows, ours) => {
    const here = rows.flatMap(([name, trigger, actions]) => {
      const steps = words(actions).filter((action) => actionNames.includes(action));
      return triggerNames.includes(trigger) && steps.length > 0 ? [{ name, trigger, steps }] : [];
    });
    expect(
      ours.map(({ name, triggers: of, actions }) => ({
        name,
        trigger: [...new Set(of.flatMap((use) => Object.keys(use)))].join(" "),
        steps: actions.flatMap((use) => Object.keys(use)),
      })),
    ).toEqual(here);
  });

  it("are known by name, those too that wait and those that are Robusta's own", () => {
    expect([...modelPlaybooks]).toEqual([...[...priority, ...builtin].map(([name]) => name), ...platform]);
  });
});

const load = async (text: string) =>
  await loadGeneration({
    file: "c.yaml",
    text,
    env: {},
    builtinActions,
    triggers,
    sinkTypes,
    defaults,
    workDir: writeFolder({}),
  });
const check = async (text: string) =>
  await checkConfiguration({ file: "c.yaml", text, builtinActions, triggers, sinkTypes, defaults, workDir: "" });

const mine = "{name: Mine, triggers: [on_prometheus_alert: ], actions: [default_enricher: ]}";
const typed = `import { onPrometheusAlert, playbook, silenceAlert } from "cortado";
export const Typed = playbook({ triggers: [onPrometheusAlert()], actions: [] });`;

describe("a configuration", () => {
  const names = ({ playbooks }: { readonly playbooks: readonly Playbook[] }) => playbooks.map(({ name }) => name);
  const first = priorityBuiltinPlaybooks.map(({ name }) => name);
  const last = builtinPlaybooks.map(({ name }) => name);

  it.each([
    ["that is empty", "", [...first, ...last]],
    [
      "that has playbooks",
      `customPlaybooks: [${mine}]\nnamedCustomPlaybooks: {One: ${mine.replace("name: Mine, ", "")}}`,
      [...first, "Mine", "One", ...last],
    ],
    ["that wants none", "priorityBuiltinPlaybooks: []\nbuiltinPlaybooks: []", []],
    ["that leaves the section empty, as Helm takes it", "builtinPlaybooks:", first],
    ["with others instead", `builtinPlaybooks: [${mine}]`, [...first, "Mine"]],
    ["with others first instead", `priorityBuiltinPlaybooks: [${mine}]`, ["Mine", ...last]],
    [
      "that disables some",
      "disabledPlaybooks: [KubePodNotReady, CommonPrometheusAlertsSilencer]",
      [...first, ...last].filter((name) => name !== "KubePodNotReady" && name !== "CommonPrometheusAlertsSilencer"),
    ],
    ["of Robusta's own, which lists them all", `active_playbooks: [${mine}]`, ["Mine"]],
  ])("%s", async (_, text, expected) => {
    expect(names(await load(text))).toEqual(expected);
  });

  it("has them after the playbooks of its repositories", async () => {
    const folder = writeFolder({ "typed.ts": typed.replace(", silenceAlert", "") });
    const text = `playbookRepos: {own: {url: "file://${folder}"}}\ncustomPlaybooks: [${mine}]`;
    expect(names(await load(text))).toEqual([...first, "Mine", "Typed", ...last]);
  });

  it.each([
    [
      "a name that is none of them",
      "disabledPlaybooks: [KubePodNotRedy]",
      ["c.yaml:1:21 There is no builtin playbook `KubePodNotRedy` to disable; did you mean `KubePodNotReady`?"],
      [],
    ],
    [
      "one that Cortado does not have yet",
      "disabledPlaybooks: [WeeklyKRRScan]",
      [],
      ["c.yaml:1:21 `WeeklyKRRScan` does not run here anyway."],
    ],
    [
      "what globalConfig gives them",
      "globalConfig: {filter_regex: 7.5}",
      [
        "c.yaml:1:30 `filter_regex` of logs_enricher must be a string, not a number with a fraction.",
        "c.yaml:1:30 `filter_regex` of job_pod_enricher must be a string, not a number with a fraction.",
      ],
      [],
    ],
  ])("is told of %s", async (_, text, problems, notices) => {
    const checked = await check(text);
    const lines = (of: typeof checked.problems) => of.map(({ at, message }) => `${at} ${message}`);
    expect({ problems: lines(checked.problems), notices: lines(checked.notices) }).toEqual({ problems, notices });
  });

  it("whose own action takes other params is told which playbook still has Robusta's", async () => {
    const own = `import { action, PodEvent } from "cortado";
import * as z from "zod";
export const mine = action({ name: "oom_killer_enricher", override: true, on: PodEvent, params: z.strictObject({ x: z.string() }), run: () => {} });`;
    const folder = writeFolder({ "mine.ts": own });
    const workDir = writeFolder({});
    const text = `playbookRepos: {own: {url: "file://${folder}"}}`;
    const options = { file: "c.yaml", text, builtinActions, triggers, sinkTypes, defaults, workDir };
    expect((await checkConfiguration(options)).problems).toEqual([
      { at: "builtin playbook HostOomKillDetected", message: "oom_killer_enricher needs `x`, a string." },
    ]);
  });
});

describe("where findings go", () => {
  const sinksOf = async (text: string, env: Record<string, string>) => {
    const options = { file: "c.yaml", text, env, builtinActions, triggers, sinkTypes, defaults, workDir: "" };
    return (await loadGeneration(options)).sinks.map(({ type, params, at }) => ({ type, at, params }));
  };
  const slack = (api_key: string, slack_channel: string) => [
    {
      type: "slack_sink",
      at: "SLACK_BOT_TOKEN, SLACK_CHANNEL",
      params: expect.objectContaining({ name: "slack", api_key, slack_channel, default: true }),
    },
  ];

  it.each<[string, string, Record<string, string>, unknown]>([
    ["a token", "", { SLACK_BOT_TOKEN: "xoxb-1" }, slack("xoxb-1", "alerts")],
    ["and a channel", "", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_CHANNEL: "#ops" }, slack("xoxb-1", "#ops")],
    ["beside playbooks", `customPlaybooks: [${mine}]`, { SLACK_BOT_TOKEN: "xoxb-1" }, slack("xoxb-1", "alerts")],
    ["no token", "", { SLACK_CHANNEL: "#ops" }, []],
    ["an empty token", "", { SLACK_BOT_TOKEN: "" }, []],
    ["sinks in the configuration", "sinksConfig: []", { SLACK_BOT_TOKEN: "xoxb-1" }, []],
    ["sinks in Robusta's own file", "sinks_config: []", { SLACK_BOT_TOKEN: "xoxb-1" }, []],
  ])("is told by the environment: %s", async (_, text, env, expected) => {
    expect(await sinksOf(text, env)).toEqual(expected);
  });

  it("is refused with the variable's name, and without the token", async () => {
    await expect(sinksOf("", { SLACK_BOT_TOKEN: "xoxb 1" })).rejects.toThrow(
      "1 problem:\n  SLACK_BOT_TOKEN, SLACK_CHANNEL  This is no token: tokens have no spaces and no line breaks.",
    );
  });
});
