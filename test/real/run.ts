/**
 * Runs the tests that need a real Kubernetes: starts one (API server, kubelet, container runtime) with the test tools, runs the tests
 * where they reach it, and takes it down again. Without the tools it says so and is content.
 *
 *   node test/real/run.ts [vitest's arguments]
 *
 * The cluster has a network of its own, with nothing else in it. The tests run there too, so whatever they start (an Alertmanager, a
 * webhook) reaches the cluster and them over 127.0.0.1, and no port can be taken already.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const tools = resolve(root, process.env.CORTADO_TEST_TOOLS ?? "../shared/tools");
const home =
  process.env.CORTADO_CLUSTER_HOME ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cortado-cluster");
/** State of this run's own, so that runs at the same time do not meet. */
const run = join(home, `run-test-${process.pid}`);

const environment = {
  ...process.env,
  CORTADO_TEST_TOOLS: tools,
  RUN: run,
  ALERTMANAGER_RUN: `${run}-alertmanager`,
  PROMETHEUS_RUN: `${run}-prometheus`,
};

/** Why the tests cannot run here, where they cannot. */
function obstacle(): string | undefined {
  if (!existsSync(join(tools, "cluster/up"))) {
    return `there are no test tools in ${tools} (CORTADO_TEST_TOOLS names another folder)`;
  }
  if (process.getuid?.() !== 0) return "a cluster that runs pods needs root";
  return undefined;
}

function tool(name: string, ...parameters: string[]): boolean {
  return spawnSync(join(tools, name), parameters, { env: environment, stdio: "inherit" }).status === 0;
}

/** What the tests said stays the last that is said. */
function quietly(name: string): void {
  spawnSync(join(tools, name), { env: environment, stdio: ["ignore", "ignore", "inherit"] });
}

/** The exit code of the tests. */
function runTests(): Promise<number> {
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--config", "vitest.real.config.ts"];
  const command = [process.execPath, ...vitest, ...process.argv.slice(2)];
  const tests = spawn(join(tools, "cluster/exec-in"), command, { cwd: root, env: environment, stdio: "inherit" });
  // Ended from outside, the tests end first, and the cluster with them.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => tests.kill(signal));
  const { promise, resolve: ended } = Promise.withResolvers<number>();
  tests.on("error", () => ended(1));
  tests.on("close", (code) => ended(code ?? 1));
  return promise;
}

async function main(): Promise<number> {
  const why = obstacle();
  if (why !== undefined) {
    console.log(`The tests against a real cluster did not run: ${why}.`);
    return 0;
  }
  console.log(`The tests against a real Kubernetes and a real Alertmanager, with the tools in ${tools}:`);
  if (!tool("cluster/install")) return 1;
  try {
    return tool("cluster/up", "full") ? await runTests() : 1;
  } finally {
    for (const name of ["alertmanager/down", "prometheus/down", "cluster/down"]) quietly(name);
  }
}

process.exitCode = await main();
