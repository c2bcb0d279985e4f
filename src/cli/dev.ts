import { once } from "node:events";
import { startLoop } from "../dev/loop.ts";
import { settingsFrom } from "../settings.ts";
import { readWebhook } from "./play.ts";

export interface DevOptions {
  readonly config?: string;
  readonly cluster?: readonly string[];
  readonly data?: string;
  readonly send?: boolean;
  readonly port: number;
}

/** Plays a webhook again on each save, until it is stopped. */
export async function dev(file: string | undefined, options: DevOptions): Promise<void> {
  const { send = false, cluster, port, ...flags } = options;
  const webhook = file === undefined ? undefined : await readWebhook(file);
  const loop = await startLoop({
    settings: { ...settingsFrom({ ...process.env }, flags), logLevel: "error" },
    ...(cluster === undefined ? {} : { objects: cluster }),
    ...(webhook === undefined ? {} : { webhook }),
    send,
    port,
    colour: process.stdout.isTTY === true,
    say: console.log,
  });
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await loop.close();
  process.exit();
}
