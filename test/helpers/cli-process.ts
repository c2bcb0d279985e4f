/** The `cortado` command as a process, for tests. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished, vi } from "vitest";
import { command } from "./built.ts";

export interface Running {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  /** What it has printed so far, on both of its outputs. */
  readonly out: () => string;
}

/** Starts the command; it is killed when the test has finished. */
export function runCli(args: readonly string[], options: Pick<SpawnOptions, "cwd" | "env"> = {}): Running {
  const child = spawn(process.execPath, [command, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exit = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  return { child, exit, out: () => Buffer.concat(chunks).toString("utf8") };
}

/** The URL of `cortado serve`, once it listens. */
export async function listening({ out, child }: Running): Promise<string> {
  return await vi.waitFor(
    () => {
      const url = /"url":"(http:[^"]+)"/.exec(out())?.[1];
      if (url === undefined) throw new Error(`not listening, exit ${child.exitCode}: ${out()}`);
      return url;
    },
    { timeout: 15_000, interval: 20 },
  );
}
