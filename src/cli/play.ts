import { readFile } from "node:fs/promises";
import { playAll } from "../dev/play.ts";
import { ConfigurationError, describeError } from "../errors.ts";
import { settingsFrom } from "../settings.ts";

export interface PlayOptions {
  readonly config?: string;
  readonly cluster?: readonly string[];
  readonly data?: string;
  readonly send?: boolean;
  readonly json?: boolean;
}

/** The exit codes. */
const matched = 0;
const unmatched = 3;

/** Plays recorded webhooks, and ends the process with what came of them. */
export async function play(files: readonly string[], options: PlayOptions): Promise<void> {
  const { send = false, json = false, cluster, ...flags } = options;
  const webhooks = await Promise.all(files.map(readWebhook));
  const settings = { ...settingsFrom(process.env, flags), logLevel: "error" as const };
  const ran = await playAll(webhooks, {
    settings,
    ...(cluster === undefined ? {} : { objects: cluster }),
    send,
    json,
    colour: process.stdout.isTTY === true,
    say: console.log,
    warn: console.error,
  });
  // What an action leaves behind must not keep the process.
  process.exit(ran ? matched : unmatched);
}

/** Throws a ConfigurationError that names the file. */
export async function readWebhook(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new ConfigurationError([{ at: file, message: `this cannot be read as JSON: ${describeError(error)}` }]);
  }
}
