/** `cortado` as a user starts it: a process of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const root = path.resolve(import.meta.dirname, "../..");
const main = path.join(root, "src/cli/main.ts");

type Environment = Readonly<Record<string, string>>;

/** This process's environment, without what would lead Cortado to a cluster that it was not told of. */
function environment(more: Environment): NodeJS.ProcessEnv {
  const { KUBECONFIG: _, ...rest } = process.env;
  return { ...rest, ...more };
}

/** Runs a command to its end. */
export async function cortado(command: readonly string[], env: Environment) {
  return await new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    const child = execFile(process.execPath, [main, ...command], { env: environment(env) }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

export interface ServingCortado {
  readonly url: string;
  readonly adminUrl: string;
  /** All that it has written. */
  output(): string;
  /** Asks it to end, as Kubernetes does, and resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** `cortado serve` on free ports; resolves when it listens. */
export async function cortadoServe(options: readonly string[], env: Environment): Promise<ServingCortado> {
  const command = [main, "serve", "--port", "0", "--admin-port", "0", ...options];
  const child = spawn(process.execPath, command, { env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const listening = Promise.withResolvers<{ url: string; admin: string }>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (line.includes('"msg":"listening"')) listening.resolve(JSON.parse(line));
    });
  }
  const output = () => lines.join("\n");
  child.once("close", () => listening.reject(new Error(`cortado serve has ended:\n${output()}`)));
  const { url, admin } = await listening.promise;
  return { url, adminUrl: admin, output, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    await once(child, "close");
  }
  return child.exitCode;
}
