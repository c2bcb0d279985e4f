/** Installs what a fetched repository depends on. */
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Problem } from "../errors.ts";

export interface InstallOptions {
  /** Of this process: npm gets what it needs of it, and no secret of ours. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long it may take, in milliseconds; default two minutes. */
  readonly milliseconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * Installs the dependencies of a repository, exactly those of its lockfile, and runs none of their scripts. Does nothing where there are
 * none, or where they are there. `cortado` and `zod` come from the host. Never for an author's own working tree. What goes wrong is in the
 * problems.
 */
export async function installDependencies(folder: string, options: InstallOptions): Promise<readonly Problem[]> {
  if (!(await dependsOnAnything(folder)) || (await exists(join(folder, "node_modules")))) return [];
  const at = join(folder, "package.json");
  const locked = await Promise.all(lockfiles.map((name) => exists(join(folder, name))));
  if (!locked.includes(true)) {
    const message =
      "It has dependencies, and no package-lock.json that says which versions: commit the one that `npm install` writes.";
    return [{ at, message }];
  }
  const problem = await run(folder, options);
  return problem === undefined ? [] : [{ at, message: problem }];
}

const lockfiles = ["package-lock.json", "npm-shrinkwrap.json"];

const parameters = [
  "ci",
  "--ignore-scripts",
  "--omit=dev",
  "--omit=peer",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

const dependenciesSchema = z.object({ dependencies: z.record(z.string(), z.unknown()) });

async function dependsOnAnything(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  try {
    const { data } = dependenciesSchema.safeParse(JSON.parse(text));
    return Object.keys(data?.dependencies ?? {}).length > 0;
  } catch {
    // Whoever compiles it says what is wrong with its package.json.
    return false;
  }
}

const defaultMilliseconds = 120_000;

/** What went wrong, as a sentence. */
function run(folder: string, { env, milliseconds = defaultMilliseconds, signal }: InstallOptions) {
  const options = {
    cwd: folder,
    timeout: milliseconds,
    killSignal: "SIGKILL" as const,
    env: forNpm(env),
    ...(signal === undefined ? {} : { signal }),
  };
  return new Promise<string | undefined>((resolve) => {
    execFile("npm", parameters, options, (error, _, stderr) => {
      if (error === null) return resolve(undefined);
      if (error.code === "ENOENT") {
        return resolve(
          "Its dependencies cannot be installed, as there is no npm here; push it, or give a compiled bundle.",
        );
      }
      if (error.killed) return resolve(`Its dependencies were not installed within ${milliseconds / 1_000} s.`);
      resolve(`Its dependencies cannot be installed: ${reasonIn(stderr)}`);
    });
  });
}

/** A repository's own .npmrc may put any variable into a URL. */
function forNpm(env: InstallOptions["env"]): NodeJS.ProcessEnv {
  const allowed = /^(?:PATH|HOME|TMPDIR|LANG|NODE_EXTRA_CA_CERTS|(?:https?|no)_proxy|npm_config_.*)$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => allowed.test(name)));
}

/** npm's first lines; the rest is where its log is. */
function reasonIn(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^npm (?:error|ERR!) ?/, "").trim());
  const told = lines.filter((line) => line !== "" && !/^code |A complete log of this run|^npm help ci/.test(line));
  return told.slice(0, 3).join(" ").slice(0, 500) || "npm did not say why.";
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
