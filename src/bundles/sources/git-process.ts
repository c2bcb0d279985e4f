/** Runs git apart from everything that a machine and its user have set up for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { tooLarge } from "./limited.ts";
import { away } from "./sources.ts";

export interface GitOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds: number;
  /** A folder that may grow by so many bytes. */
  readonly growing?: { readonly folder: string; readonly maximum: number };
  /** Takes what git prints, instead of the result. */
  readonly read?: (stdout: Readable) => Promise<void>;
}

/** git said no; `stderr` is its word, and may hold names of hosts and files. */
export class GitFailure extends Error {
  override readonly name = "GitFailure" as const;
  readonly stderr: string;

  constructor(stderr: string) {
    super("git failed");
    this.stderr = stderr;
  }
}

/** What is on the command line is seen by every user of the machine: no argument is a secret. Throws a GitFailure or a SourceError. */
export async function git(parameters: readonly string[], options: GitOptions): Promise<string> {
  const child = spawn("git", parameters, {
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    // In a group of its own, so that what it has started ends with it.
    detached: true,
  });
  const watch = watchOver(child, options);
  const stderr = textOf(child.stderr);
  // Read from now on: Node throws away what nobody reads when a process ends.
  const stdout = child.stdout.pipe(new PassThrough());
  const ended = endOf(child);
  try {
    const [printed] = await Promise.all([
      options.read === undefined ? textOf(stdout) : options.read(stdout).then(() => ""),
      ended,
    ]);
    const code = await ended;
    if (watch.reason !== undefined) throw watch.reason;
    if (code !== 0) throw new GitFailure(await stderr);
    return printed;
  } catch (error) {
    throw watch.reason ?? error;
  } finally {
    watch.stop();
    kill(child);
  }
}

/** Rejects where there is no such program. */
function endOf(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", (error) => {
    const missing = "code" in error && error.code === "ENOENT";
    reject(missing ? away("There is no git on this machine; here it takes bundles and tarballs only") : error);
  });
  child.on("close", resolve);
  promise.catch(() => undefined);
  return promise;
}

/** Ends it where it takes too long or too much; `reason` is then why. */
function watchOver(child: ChildProcess, { timeoutMilliseconds, growing }: GitOptions) {
  const watch: { reason: Error | undefined; stop(): void } = { reason: undefined, stop };
  const end = (reason: Error) => {
    watch.reason ??= reason;
    kill(child);
  };
  const seconds = Math.round(timeoutMilliseconds / 1_000);
  const timer = setTimeout(() => end(away(`It did not answer within ${seconds} s`)), timeoutMilliseconds);
  const look = async () => {
    if (growing === undefined) return;
    if ((await sizeOf(growing.folder)) > growing.maximum) end(tooLarge("The repository", growing.maximum));
  };
  const looking = setInterval(() => void look(), 200);
  function stop() {
    clearTimeout(timer);
    clearInterval(looking);
  }
  return watch;
}

function kill({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** In bytes; what goes while it is looked at counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const maximumText = 1024 * 1024;

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk) || length > maximumText) continue;
    chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks).toString("utf8");
}
