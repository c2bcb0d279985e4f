/**
 * What is deployed is not what the other tests run: a bundler drops what it takes for unused, and a lazy import that is not one shows
 * only here.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildCommand, buildFunctions } from "../infra/build.ts";
import { reached } from "../infra/build-report.ts";
import packageJson from "../package.json" with { type: "json" };
import { type EmbeddedCluster, startEmbeddedCluster } from "../src/dev/embedded-cluster.ts";
import { type FakeSlack, startFakeSlack, textOf } from "./helpers/fake-slack.ts";
import { root } from "./helpers/imports.ts";

let folder: string;
let built: { functions: Metafile; command: Metafile };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cortado-bundle-"));
  // As in an image: what stays external is installed beside it.
  await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const [functions, command] = await Promise.all([
    buildFunctions(path.join(folder, "functions")),
    buildCommand(path.join(folder, "cli")),
  ]);
  built = { functions, command };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every source that went into some output files, `node_modules/<package>` and our own paths. */
function sources({ outputs }: Metafile, files: Iterable<string>): string[] {
  return [...files].flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}));
}

const entryOf = ({ outputs }: Metafile, source: string) =>
  Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source) ?? "";

const heavy = /node_modules\/(?:@aws-sdk|@slack|@kubernetes|@resvg|undici|yaml|ws)\//;

it.each(["functions", "cli"])("%s has what draws graphs beside it, with its licences", async (name) => {
  const files = await readdir(path.join(folder, name));
  expect(files).toEqual(
    expect.arrayContaining(["index_bg.wasm", "DejaVuSans.ttf", "dejavu-fonts-ttf.LICENSE", "NOTICE"]),
  );
});

describe("the functions' bundle", () => {
  it("holds nothing that is for development, and nothing that is installed beside it", () => {
    const all = sources(built.functions, Object.keys(built.functions.outputs));
    expect(all).toContain("src/services/services.ts");
    expect(
      all.filter((source) =>
        /^(?:src\/(?:dev|cli|testing)|test|infra)\b|node_modules\/(?:esbuild|dynalite)\//.test(source),
      ),
    ).toEqual([]);
  });

  it.each(["functions/node.ts", "functions/node-worker.ts"])("%s loads what is heavy when it needs it", (source) => {
    const entry = entryOf(built.functions, source);
    const atOnce = sources(built.functions, reached(entry, built.functions.outputs, false));
    const later = sources(built.functions, reached(entry, built.functions.outputs, true));
    expect(atOnce).toContain(source);
    expect(atOnce.filter((one) => heavy.test(one))).toEqual([]);
    for (const name of ["@aws-sdk/client-dynamodb", "@slack/web-api", "@kubernetes/client-node", "@resvg/resvg-wasm"]) {
      expect(later.some((one) => one.includes(`node_modules/${name}/`))).toBe(true);
    }
  });
});

describe("what authors import", () => {
  it.each([
    [".", "src/index.ts"],
    ["./testing", "src/testing.ts"],
  ] as const)("%s is built from %s, and has all of it", async (name, source) => {
    const { default: file, types } = packageJson.exports[name];
    expect(types).toBe(`./dist/types/${source.replace(/ts$/, "d.ts")}`);
    const built = await import(pathToFileURL(path.join(folder, file.replace("./dist/", ""))).href);
    const written = await import(pathToFileURL(path.join(root, source)).href);
    expect(Object.keys(built).sort()).toEqual(Object.keys(written).sort());
  });
});

interface Process {
  /** Of the line that says so. */
  readonly url: string;
  /** Ends it as a pod is ended; resolves with the exit code and all that it printed. */
  stop(): Promise<{ code: unknown; output: string }>;
}

async function start(
  file: string,
  environment: Readonly<Record<string, string>>,
  ...parameters: string[]
): Promise<Process> {
  const child = spawn(process.execPath, [file, ...parameters], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines: string[] = [];
  const listening = Promise.withResolvers<string>();
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    const { msg, url } = JSON.parse(line);
    if (msg === "listening") listening.resolve(url);
  });
  void exited.then(() => listening.reject(new Error(`it ended: ${lines.join("\n")}`)));
  return {
    url: await listening.promise,
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exited;
      return { code, output: lines.join("\n") };
    },
  };
}

describe("the built server", () => {
  let cluster: EmbeddedCluster;
  let slack: FakeSlack;
  beforeAll(async () => {
    cluster = await startEmbeddedCluster();
    slack = await startFakeSlack();
    await mkdir(path.join(folder, "actions"));
    await writeFile(path.join(folder, "actions/first-process.ts"), firstProcess);
    await writeFile(path.join(folder, "cortado.yaml"), JSON.stringify(configuration()));
    await writeFile(path.join(folder, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
  });
  afterAll(() => Promise.all([cluster.close(), slack.close()]));

  it("answers a recorded webhook with 200 and works it, with an action compiled at its start", async () => {
    const server = await start(path.join(folder, "functions/node.js"), {
      CORTADO_CONFIG: path.join(folder, "cortado.yaml"),
      CORTADO_DATA: path.join(folder, "data"),
      CORTADO_PORT: "0",
      CORTADO_ADMIN_PORT: "0",
      CORTADO_SLACK_API_URL: slack.url,
      SLACK_TOKEN: slack.token,
      KUBECONFIG: path.join(folder, "kubeconfig"),
    });
    expect((await post(server.url)).status).toBe(200);
    await vi.waitFor(() => expect(slack.messages).toHaveLength(1), { timeout: 10_000, interval: 20 });
    const { code, output } = await server.stop();
    expect(code).toBe(0);
    expect(output).not.toMatch(/"level":"(?:warn|error)"/);
    expect(slack.messages.map(textOf).join("\n")).toMatch(/USER +PID/);
    const drawn = slack.files().find(({ name }) => name === "Processes.png");
    expect(drawn?.bytes?.subarray(1, 4).toString()).toBe("PNG");
  });

  it("is also what the installed command runs", async () => {
    const server = await start(
      path.join(folder, "cli/cortado.js"),
      { CORTADO_SLACK_API_URL: slack.url, SLACK_TOKEN: slack.token },
      ...[
        "serve",
        "--cluster",
        "embedded",
        "--port",
        "0",
        "--admin-port",
        "0",
        "--data",
        path.join(folder, "data-cli"),
      ],
    );
    const before = slack.messages.length;
    expect((await post(server.url)).status).toBe(200);
    await vi.waitFor(() => expect(slack.messages).toHaveLength(before + 1), { timeout: 10_000, interval: 20 });
    expect((await server.stop()).code).toBe(0);
  });
});

async function post(url: string): Promise<Response> {
  const body = await readFile(path.join(root, "test/fixtures/alertmanager/0.28/wh-default-0001.json"));
  return await fetch(`${url}/webhooks/alertmanager`, { method: "POST", body });
}

const configuration = () => ({
  playbookRepos: { own: { url: pathToFileURL(path.join(folder, "actions")).href } },
  customPlaybooks: [{ triggers: [{ on_prometheus_alert: {} }], actions: [{ first_process: {} }] }],
  sinksConfig: [{ slack_sink: { name: "slack", slack_channel: "alerts", api_key: "{{ env.SLACK_TOKEN }}" } }],
});

const firstProcess = `import { action, graph, markdown, PodEvent } from "cortado";

export const firstProcess = action({
  name: "first_process",
  on: PodEvent,
  effects: "read",
  async run(event) {
    const [web] = await event.cluster.list("Pod", { namespace: "shop", labelSelector: "app=web" });
    const { output } = await web.exec("ps aux");
    event.addEnrichment([
      markdown(output.split("\\n")[0]),
      graph("Processes", [{ name: "web", points: [[0, 1], [60_000, 2]] }]),
    ]);
  },
});
`;
