/** The real Alertmanager of the test tools, with the configuration that our pages show. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { toolsFolder } from "./tools.ts";

const run = promisify(execFile);

/** The one that the README prints. */
export const documentedConfiguration = new URL("../../docs/examples/alertmanager.yml", import.meta.url);

export interface AlertmanagerOptions {
  /** For the configuration and the token. */
  readonly folder: string;
  /** Where Cortado listens; the path stays the documented one. */
  readonly cortadoUrl: string;
  readonly token: string;
}

export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

export interface RunningAlertmanager {
  /** Tells it of an alert, as Prometheus does. */
  post(alert: AlertmanagerAlert): Promise<void>;
  close(): Promise<void>;
}

/** Starts it with the documented configuration, in which only the address, the token's place and the waiting times are others. */
export async function startAlertmanager({
  folder,
  cortadoUrl,
  token,
}: AlertmanagerOptions): Promise<RunningAlertmanager> {
  const tokenFile = path.join(folder, "alertmanager-token");
  await writeFile(tokenFile, `${token}\n`);
  const webhook = ["receivers", 0, "webhook_configs", 0];
  const text = await readFile(documentedConfiguration, "utf8");
  const configuration = replaceValues(text, [
    { at: ["route", "group_wait"], with: () => "1s" },
    { at: ["route", "group_interval"], with: () => "2s" },
    { at: ["route", "repeat_interval"], with: () => "2s" },
    { at: [...webhook, "url"], with: (url) => new URL(new URL(url).pathname, cortadoUrl).href },
    { at: [...webhook, "http_config", "authorization", "credentials_file"], with: () => tokenFile },
  ]);
  const file = path.join(folder, "alertmanager.yml");
  await writeFile(file, configuration);

  const { stdout } = await run(path.join(toolsFolder(), "alertmanager/up"), [file]);
  const url = /^ALERTMANAGER_URL=(.+)$/m.exec(stdout)?.[1];
  return {
    async post(alert) {
      const response = await fetch(`${url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify([alert]),
      });
      if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
    },
    async close() {
      await run(path.join(toolsFolder(), "alertmanager/down"));
    },
  };
}

interface Replacement {
  readonly at: readonly (string | number)[];
  readonly with: (value: string) => string;
}

/** The same YAML with other values. What is replaced has to be there, so that the rest is what the page shows. */
function replaceValues(text: string, replacements: readonly Replacement[]): string {
  const document = parseDocument(text);
  for (const { at, with: replace } of replacements) {
    const value = document.getIn(at);
    if (typeof value !== "string") throw new Error(`the documented configuration has no ${at.join(".")}`);
    document.setIn(at, replace(value));
  }
  return document.toString();
}
