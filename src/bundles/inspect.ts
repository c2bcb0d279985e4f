/**
 * What a bundle is, asked of itself in a process of its own before anything else loads it: one that throws, hangs, exits, or takes all
 * memory as it is loaded does so there.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Problem } from "../errors.ts";
import { type BundleFacts, factsSchema } from "./bundle-manifest.ts";
import { interruptedAt } from "./interrupted.ts";

export interface InspectionLimits {
  /** How long it may take to load, in milliseconds; default 10,000. */
  readonly milliseconds?: number;
  /** Of JavaScript's heap; the whole process may take 256 more. Default 256. */
  readonly megabytes?: number;
}

export interface Inspectable {
  readonly file: string;
  /** Of the file's bytes, in hex. */
  readonly sha256: string;
  /** Where its sources are: places are told relative to it. */
  readonly folder: string;
}

/** Why it cannot be used, or what it exports, with what it prints as it is loaded among the warnings. */
export type Inspected =
  | { readonly facts: BundleFacts; readonly warnings: readonly Problem[] }
  | { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

const problemsSchema = z.array(z.object({ at: z.string(), message: z.string() }));
const answerSchema = z.union([
  z.strictObject({ facts: factsSchema }),
  z.strictObject({ problems: problemsSchema.min(1) }),
]);
/** What the process sends. */
export type Answer = z.output<typeof answerSchema>;

export async function inspectBundle(bundle: Inspectable, limits: InspectionLimits = {}): Promise<Inspected> {
  const { milliseconds = 10_000, megabytes = 256 } = limits;
  const child = start(bundle, { milliseconds, megabytes });
  const stop = watch(child, { milliseconds, megabytes: megabytes + 256 });
  const printed = { stdout: collect(child.stdout), stderr: collect(child.stderr) };
  try {
    const end = await ending(child);
    const at = bundle.folder;
    if (end.answer !== undefined && "problems" in end.answer) return { problems: end.answer.problems, warnings: [] };
    if (end.answer !== undefined) return { facts: end.answer.facts, warnings: printing(printed.stdout(), at) };
    return { problems: [await explain(end, printed.stderr(), bundle, { milliseconds, megabytes })], warnings: [] };
  } finally {
    stop();
  }
}

const entry = new URL("../playbooks/inspect-entry.ts", import.meta.url);

function start({ file, sha256, folder }: Inspectable, limits: Required<InspectionLimits>): ChildProcess {
  const { NODE_COMPILE_CACHE: cache } = process.env;
  // It may read, as modules do to be loaded, and nothing else: no files written, no processes, no threads.
  const node = [
    "--permission",
    "--allow-fs-read=*",
    "--enable-source-maps",
    "--trace-sigint",
    `--max-old-space-size=${limits.megabytes}`,
  ];
  // Node reads what it has compiled of Cortado only where it may write there too.
  if (cache !== undefined) node.push(`--allow-fs-write=${join(resolve(cache), "*")}`);
  // Where this process ends meanwhile, nobody is left to end one that loops. More than its time, as it counts that of every core.
  const seconds = 3 * Math.ceil(limits.milliseconds / 1_000);
  const limited = {
    execPath: "/bin/sh",
    execArgv: ["-c", `ulimit -t ${seconds}; exec "$0" "$@"`, process.execPath, ...node],
  };
  return fork(fileURLToPath(entry), [file, sha256, folder], {
    ...(existsSync("/bin/sh") ? limited : { execArgv: node }),
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

interface Ending {
  readonly answer?: Answer;
  readonly killedFor?: Excess;
  readonly code?: number | null;
  readonly signal?: string | null;
}

type Excess = "time" | "memory";

const killedFor = new WeakMap<ChildProcess, Excess>();

/** It is ended at once when it has answered: what it would do next is not asked for. */
function ending(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    child.on("message", (message) => {
      const parsed = answerSchema.safeParse(message);
      if (parsed.success) answer ??= parsed.data;
      child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const excess = killedFor.get(child);
      resolve(answer ? { answer } : { code, signal, ...(excess ? { killedFor: excess } : {}) });
    });
  });
}

const graceMilliseconds = 1_000;

function watch(child: ChildProcess, limits: { milliseconds: number; megabytes: number }): () => void {
  const kill = (excess: Excess) => {
    killedFor.set(child, excess);
    child.kill("SIGKILL");
  };
  const timers = [
    setTimeout(() => {
      killedFor.set(child, "time");
      // It says where it is, and ends.
      child.kill("SIGINT");
    }, limits.milliseconds),
    setTimeout(() => kill("time"), limits.milliseconds + graceMilliseconds),
  ];
  const look = setInterval(async () => {
    if ((await residentMegabytes(child.pid)) > limits.megabytes) kill("memory");
  }, 100);
  return () => {
    for (const timer of timers) clearTimeout(timer);
    clearInterval(look);
  };
}

/** 0 where the system does not say. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

const maximumPrinted = 10_000;

function collect(stream: ChildProcess["stdout"]): () => string {
  let text = "";
  stream?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-maximumPrinted);
  });
  return () => text;
}

function printing(stdout: string, at: string): Problem[] {
  const [line] = stdout.trim().split("\n", 1);
  return line ? [{ at, message: `It prints as it is loaded: ${line.slice(0, 200)}` }] : [];
}

async function explain(
  end: Ending,
  stderr: string,
  bundle: Inspectable,
  limits: Required<InspectionLimits>,
): Promise<Problem> {
  const { folder } = bundle;
  const tooMuch = `It takes more than ${limits.megabytes} MB of memory as it is loaded.`;
  if (end.killedFor === "memory" || /JavaScript heap out of memory|Array buffer allocation failed/.test(stderr)) {
    return { at: folder, message: tooMuch };
  }
  if (end.killedFor === "time") {
    const seconds = limits.milliseconds / 1_000;
    const at = (await interruptedAt(stderr, bundle)) ?? folder;
    return { at, message: `It has not loaded after ${seconds} s: it loops, or waits for something.` };
  }
  if (end.code === unsettledExitCode) {
    return { at: folder, message: "It waits for ever as it is loaded, with `await` outside of a function." };
  }
  const how = end.code === null ? `by ${end.signal}` : `with code ${end.code}`;
  const last = stderr.trim().split("\n").at(-1)?.slice(0, 200);
  return { at: folder, message: `Its process ended ${how} as it was loaded${last ? `: ${last}` : "."}` };
}

/** https://nodejs.org/api/process.html#exit-codes */
const unsettledExitCode = 13;
