/** The app of a single function, with everything behind it: its own table, its own cluster, and actions of a repository. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Hono } from "hono";
import { type EmbeddedClusterOptions, startEmbeddedCluster } from "../../src/dev/embedded-cluster.ts";
import { openInline } from "../../src/inline.ts";
import { prepareTable } from "../../src/services/table.ts";
import { noBuiltinPlaybooks } from "./test-server.ts";

export interface InlineAppOptions {
  readonly configuration: Readonly<Record<string, unknown>>;
  /** TypeScript files of a playbook repository, by name. */
  readonly actions?: Readonly<Record<string, string>>;
  readonly objects?: EmbeddedClusterOptions["objects"];
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface InlineApp {
  readonly app: Hono;
  request(method: string, path: string, options?: RequestOptions): Promise<Answered>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** A token's. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startInlineApp({ configuration, actions, objects }: InlineAppOptions): Promise<InlineApp> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-inline-"));
  const cluster = await startEmbeddedCluster({ objects: objects ?? [] });
  const repository = path.join(folder, "actions");
  await mkdir(repository);
  for (const [name, source] of Object.entries(actions ?? {})) await writeFile(path.join(repository, name), source);
  const file = path.join(folder, "cortado.yaml");
  const whole = {
    ...noBuiltinPlaybooks,
    sinksConfig: [{ file_sink: { name: "file", file_name: path.join(folder, "told.jsonl") } }],
    ...(actions === undefined ? {} : { playbookRepos: { own: { url: pathToFileURL(repository).href } } }),
    ...configuration,
  };
  await writeFile(file, JSON.stringify(whole));
  const table = await prepareTable({
    configuration: file,
    dataDirectory: path.join(folder, "data"),
    kubeConfig: { from: "text", text: cluster.kubeconfig },
    table: { kind: "embedded" },
    logLevel: "silent",
    env: {},
  });
  const inline = await openInline(table.settings);
  return {
    app: inline.app,
    async request(method, at, { body, as, headers = {} } = {}) {
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const response = await inline.app.request(at, {
        method,
        headers: { ...(as === undefined ? {} : { authorization: `Bearer ${as}` }), ...headers },
        ...(text === undefined ? {} : { body: text }),
      });
      return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
    },
    async close() {
      inline.close();
      await Promise.all([table.close(), cluster.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
