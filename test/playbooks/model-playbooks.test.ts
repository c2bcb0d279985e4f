/** What `cortado check` says of the playbooks that Robusta's documentation shows: nothing, or which part Cortado does not have yet. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkConfiguration, loadGeneration } from "../../src/playbooks/generation.ts";
import { vocabulary } from "../../src/services/generation.ts";
import { writeFolder } from "../helpers/write-folder.ts";

const words = await vocabulary();
const known = new Set([
  ...words.builtinActions.map(({ name }) => name),
  ...words.triggers.map(({ name }) => name),
  ...words.sinkTypes.keys(),
]);

/** By file: what is not there yet. */
const waiting: Readonly<Record<string, string>> = {
  "alert-enrichment": "pod_bash_enricher stack_overflow_enricher",
  "kubernetes-changes": "on_schedule krr_scan on_helm_release_fail helm_status_enricher",
  remediation: "kubectl_command",
  silencers: "",
  sinks: "ms_teams_sink robusta_sink",
};

const file = (name: string) => fileURLToPath(new URL(`../fixtures/model-playbooks/${name}.yaml`, import.meta.url));
/** Without what is said of buttons, which Robusta's Slack has by another way. */
async function check(name: string) {
  const { problems, notices } = await checkConfiguration({ file: file(name), workDir: "", env: {}, ...words });
  return { problems, notices: notices.filter(({ message }) => !message.includes("`signing_secret`")) };
}

describe("Robusta's own examples", () => {
  it.each(Object.entries(waiting))("%s: all of it is there but for %s", async (name, names) => {
    const { problems, notices } = await check(name);
    const missing = names.split(/\s+/).filter((word) => word !== "");
    const told = problems.map(({ message }) => message.replace(/^(`\w+`) is an? (?:action|trigger|sink) of/, "$1 of"));
    expect(told).toEqual(missing.map((word) => `\`${word}\` of Robusta that Cortado does not have yet.`));
    for (const { at } of problems) expect(at).toMatch(/\.yaml:\d+:\d+$/);
    expect(notices).toEqual([]);
    expect(missing.filter((word) => known.has(word))).toEqual([]);
  });

  it("a whole file of Helm values loads; what says nothing here is named", async () => {
    const { problems, notices } = await check("values");
    expect(problems).toEqual([]);
    const ofInstallation = notices.filter(({ message }) =>
      message.endsWith("configures Robusta's installation and is ignored."),
    );
    const others = notices.filter((notice) => !ofInstallation.includes(notice));
    expect(ofInstallation.map(({ message }) => /`(.*)`/.exec(message)?.[1]).join(" ")).toBe(
      "clusterZone isSmallCluster enablePrometheusStack enablePlatformPlaybooks enableServiceMonitors disableCloudRouting " +
        "enableHolmesGPT scaleAlertsProcessing runner kubewatch rsa",
    );
    expect(others.map(({ message }) => message)).toEqual(
      [
        "signing_key account_id check_prometheus_flags alertmanager_url grafana_url grafana_api_key grafana_dashboard_uid",
        "prometheus_rule_group_name",
      ]
        .join(" ")
        .split(" ")
        .map((key) => `\`${key}\` of globalConfig says nothing to Cortado and is ignored.`),
    );
  });
});

describe("globalConfig", () => {
  const generation = async (text: string) =>
    await loadGeneration({ file: "c.yaml", text, workDir: writeFolder({}), env: {}, ...words });
  const graph = "customPlaybooks: [{triggers: [on_prometheus_alert: ], actions: [graph_enricher: ]}]";
  const graphParams = async (global: string) => {
    const { playbooks } = await generation(`builtinPlaybooks: []\nglobalConfig: ${global}\n${graph}`);
    return playbooks.at(-1)?.steps[0]?.params;
  };

  it("names the cluster", async () => {
    expect((await generation("globalConfig: {cluster_name: prod}")).configuration.clusterName).toBe("prod");
  });

  it.each(["HIGH", "high"])("maps severities, in Robusta's small letters too: %s", async (severity) => {
    const { severities } = await generation(`globalConfig: {custom_severity_map: {Page: ${severity}}}`);
    expect(severities).toEqual({ page: "HIGH" });
  });

  it("reaches the params that are called so", async () => {
    expect(await graphParams("{prometheus_url: 'http://prometheus:9090', graph_duration_minutes: 5}")).toMatchObject({
      prometheus_url: "http://prometheus:9090",
      graph_duration_minutes: 5,
    });
  });

  it.each(["''", "{}", "[]", "null"])("sets nothing by what is empty, as in Helm values: %s", async (empty) => {
    expect(await graphParams(`{prometheus_url: ${empty}}`)).not.toHaveProperty("prometheus_url");
  });

  it("is told where a key reaches nothing", async () => {
    const { notices } = await generation("globalConfig:\n  prometheus_ulr: http://prometheus:9090");
    expect(notices).toEqual([
      {
        at: "c.yaml:2:3",
        message: "No action has a param `prometheus_ulr`, so this reaches none; did you mean `prometheus_url`?",
      },
    ]);
  });
});
