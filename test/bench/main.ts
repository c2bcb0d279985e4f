/**
 * `npm run bench [-- --json] [--reloads 1000]`: what a webhook, a compilation and a reload cost, from one run on this machine, over
 * loopback. It prints and judges nothing: times are those of a machine that does other things too, ratios are worth more.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { type Compile, measureCompile } from "./compile.ts";
import { type Invocations, measureInvocations } from "./invocations.ts";
import { type Matched, measureMatched } from "./matched.ts";
import { measureReload, type Reload } from "./reload.ts";
import { measureUnmatched, type Unmatched } from "./unmatched.ts";

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, reloads: { type: "string", default: "100" } },
});

/** As a team has them: one for each alert that it knows. */
const otherAlerts = ["KubeJobFailed", "KubeNodeNotReady", "HighErrorRate", "TargetDown", "KubeHpaMaxedOut"];
const actions = [{ logs_enricher: { previous: true } }, { pod_events_enricher: {} }];
/** Those that would match what is posted: the built-in ones are measured as playbooks that are looked at in vain. */
const disabledPlaybooks = ["DefaultPrometheusAlertEnricher", "KubePodCrashLooping"];
const playbookFor = (alert_name: string) => ({ triggers: [{ on_prometheus_alert: { alert_name } }], actions });

interface Measured {
  readonly unmatched: Unmatched;
  readonly matched: Matched;
  readonly invocations: Invocations;
  readonly compile: Compile;
  readonly reload: Reload;
}

async function measure(folder: string): Promise<Measured> {
  const cluster = await startEmbeddedCluster();
  try {
    await writeFile(path.join(folder, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
    const environment = async (name: string, alerts: readonly string[]) => {
      const home = path.join(folder, name);
      await mkdir(home);
      const sinksConfig = [{ file_sink: { name: "findings", file_name: path.join(home, "findings.jsonl") } }];
      const configuration = { customPlaybooks: alerts.map(playbookFor), disabledPlaybooks, sinksConfig };
      await writeFile(path.join(home, "cortado.yaml"), JSON.stringify(configuration));
      return {
        CORTADO_CONFIG: path.join(home, "cortado.yaml"),
        CORTADO_DATA: path.join(home, "data"),
        KUBECONFIG: path.join(folder, "kubeconfig"),
      };
    };
    const unmatched = await measureUnmatched(await environment("unmatched", otherAlerts), otherAlerts.length);
    const matched = await measureMatched(await environment("matched", ["KubePodCrashLooping", ...otherAlerts]));
    const invocations = await measureInvocations(await environment("invocations", []));
    const reload = await measureReload(await environment("reload", []), Number(flags.reloads));
    const compile = await measureCompile(folder);
    return { unmatched, matched, invocations, compile, reload };
  } finally {
    await cluster.close();
  }
}

const rounded = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
const row = (label: string, ...values: readonly string[]) => `  ${label.padEnd(34)}${values.join("   ")}`;
const times = ({ p50, p99 }: Matched["work"]) => [`p50 ${rounded(p50)} ms`, `p99 ${rounded(p99)} ms`];

const speed = ({ requestsPerSecond, cpuMicrosecondsPerRequest }: Unmatched["bare"]) => [
  `${rounded(requestsPerSecond)} requests/s`,
  `${rounded(cpuMicrosecondsPerRequest)} µs of processor time each`,
];

function table({ unmatched, matched, invocations, compile, reload }: Measured): string {
  const { lowest, highest } = unmatched.ratios;
  const operations = Object.entries(matched.databaseRequestsByOperation).sort(([, a], [, b]) => b - a);
  return [
    `A webhook of 10 alerts (${rounded(unmatched.bytesPerRequest)} bytes) that matches none of ${unmatched.playbooks} playbooks`,
    row("bare Hono handler, JSON only", ...speed(unmatched.bare)),
    row("Cortado", ...speed(unmatched.cortado)),
    row("ratio of requests/s", rounded(unmatched.ratio), `(rounds from ${rounded(lowest)} to ${rounded(highest)})`),
    row("ratio of processor time", rounded(unmatched.cpuRatio)),
    "",
    `${matched.alerts} alerts in webhooks of 10, each with logs, events and a finding in a file`,
    row(
      "throughput",
      `${rounded(matched.alertsPerSecond)} alerts/s`,
      `${rounded(matched.requestsPerSecond)} requests/s`,
    ),
    row("work on one alert", ...times(matched.work)),
    row("from queued to ended, in a burst", ...times(matched.queuedToEnded)),
    row("cluster calls per alert", rounded(matched.clusterCallsPerAlert)),
    row("database requests per alert", rounded(matched.databaseRequestsPerAlert)),
    ...operations.map(([name, count]) => row(`  ${name}`, rounded(count))),
    row(
      "memory (RSS) before, after",
      `${rounded(matched.residentMegabytes.before)} MB`,
      `${rounded(matched.residentMegabytes.after)} MB`,
    ),
    "",
    `${invocations.invocations} actions by hand, ${invocations.connections} at once, each with a log and its findings in the answer`,
    row(
      "throughput",
      `${rounded(invocations.perSecond)} invocations/s`,
      `${rounded(invocations.cpuMicroseconds)} µs of processor time each`,
    ),
    row("one after the other", `${rounded(invocations.alone)} ms`),
    "",
    `A playbook repository of ${compile.actions} actions, compiled and asked what it is`,
    row("for the first time", `${rounded(compile.first)} ms`),
    row("changed", `${rounded(compile.changed)} ms`),
    row("unchanged", `${rounded(compile.unchanged)} ms`),
    row("ratio of changed to unchanged", rounded(compile.ratio)),
    "",
    `${reload.reloads} reloads of a repository of ${rounded(reload.bundleBytes)} bytes, another one each time`,
    row("until the new version serves", ...times(reload.milliseconds)),
    row(
      "memory (RSS) warm, last",
      `${rounded(reload.residentMegabytes.warm)} MB`,
      `${rounded(reload.residentMegabytes.last)} MB`,
      `ratio ${rounded(reload.ratio)}`,
    ),
    "",
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
  ].join("\n");
}

const folder = await mkdtemp(path.join(tmpdir(), "cortado-bench-"));
try {
  const measured = await measure(folder);
  console.log(
    flags.json ? JSON.stringify({ ...measured, node: process.versions.node }, undefined, 2) : table(measured),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
