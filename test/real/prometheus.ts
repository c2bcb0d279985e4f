/** The real Prometheus of the test tools. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { toolsFolder } from "./tools.ts";

const run = promisify(execFile);

export interface RunningPrometheus {
  readonly url: string;
  close(): Promise<void>;
}

export interface PrometheusOptions {
  readonly port: number;
  /** Asks for a name and a password, `admin` and `test`. */
  readonly guarded?: boolean;
}

/** The hash of `test`, as Prometheus's own guide has it. https://prometheus.io/docs/guides/basic-auth/ */
const guard = 'basic_auth_users: { admin: "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay" }\n';

/** Starts one that scrapes itself every second. */
export async function startPrometheus({ port, guarded = false }: PrometheusOptions): Promise<RunningPrometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-prometheus-"));
  const file = (name: string) => path.join(folder, name);
  const scrape = { job_name: "self", static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
  await writeFile(
    file("prometheus.yml"),
    JSON.stringify({ global: { scrape_interval: "1s", scrape_timeout: "1s" }, scrape_configs: [scrape] }),
  );
  await writeFile(file("web.yml"), guarded ? guard : "{}\n");
  // The tool asks with curl whether it is ready, and curl reads its settings here.
  await writeFile(file(".curlrc"), 'user = "admin:test"\n');
  const env = {
    ...process.env,
    PROMETHEUS_PORT: String(port),
    PROMETHEUS_RUN: file("run"),
    PROMETHEUS_FLAGS: `--web.config.file=${file("web.yml")}`,
    CURL_HOME: folder,
  };
  const { stdout } = await run(path.join(toolsFolder(), "prometheus/up"), [file("prometheus.yml")], { env });
  const url = /^PROMETHEUS_URL=(.+)$/m.exec(stdout)?.[1];
  if (url === undefined) throw new Error(`the tool says nothing of an address: ${stdout}`);
  return {
    url,
    async close() {
      await run(path.join(toolsFolder(), "prometheus/down"), { env });
      await rm(folder, { recursive: true });
    },
  };
}
