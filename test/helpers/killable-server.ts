/** A server process of its own for a test that kills it: it is told its settings in a file, and tells its address to its parent. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { runServer } from "../../src/server/run-server.ts";
import type { Settings } from "../../src/settings.ts";
import { workerEntry } from "./built.ts";

const address = z.object({ url: z.string(), adminUrl: z.string() });

export interface ServerProcess extends z.output<typeof address> {
  /** `SIGKILL` unless told otherwise. Resolves with the exit code and the signal that ended it. */
  kill(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What it has written so far, on both outputs. */
  written(): string;
}

/** Starts one, from a file with `Settings` as JSON. Rejects with what it wrote where it does not come to listen. */
export async function startServerProcess(
  settingsFile: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = fork(fileURLToPath(import.meta.url), [settingsFile], {
    silent: true,
    execArgv: [],
    env: { ...process.env, ...env },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const written = () => Buffer.concat(chunks).toString("utf8");
  const exit = exitOf(child);
  const first = await Promise.race([once(child, "message"), exit]);
  if (!Array.isArray(first)) throw new Error(`the server did not start: ${written()}`);
  return {
    ...address.parse(first[0]),
    written,
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      return await exit;
    },
  };
}

async function exitOf(child: ChildProcess) {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  child.once("exit", (code, signal) => resolve({ code, signal }));
  return await promise;
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const settings: Settings = JSON.parse(await readFile(process.argv[2] ?? "", "utf8"));
  const { url, adminUrl } = await runServer({
    settings,
    workerEntry,
    port: 0,
    adminPort: 0,
    threads: 1,
    onTrace: (event) => {
      if (event.type === "later" || event.type === "dead") console.error(JSON.stringify(event));
    },
  });
  // Where the test's process is gone, nobody is there to kill it.
  process.once("disconnect", () => process.exit(1));
  process.send({ url, adminUrl });
}
