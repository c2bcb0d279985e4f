/** A bare git repository on disk, and commits to it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFolder } from "../helpers/write-folder.ts";

export interface GitRepository {
  /** The bare one, which is fetched from. */
  readonly path: string;
  /** Commits the files, in place of all there were, and pushes; resolves with the commit. */
  commit(files: Readonly<Record<string, string | Uint8Array>>, options?: { branch?: string; force?: boolean }): string;
  git(...parameters: string[]): string;
}

/** Is gone with the test. */
export function makeRepository(files: Readonly<Record<string, string>>): GitRepository {
  const home = writeFolder({});
  const path = join(home, "actions.git");
  const work = join(home, "work");
  const run = (...parameters: string[]) => execFileSync("git", parameters, { encoding: "utf8", stdio: "pipe" }).trim();
  run("init", "--quiet", "--bare", "--initial-branch=main", path);
  run("-C", path, "config", "core.compression", "0");
  run("init", "--quiet", "--initial-branch=main", work);
  const git = (...parameters: string[]) =>
    run(
      "-C",
      work,
      "-c",
      "core.compression=0",
      "-c",
      "user.name=author",
      "-c",
      "user.email=author@example.com",
      ...parameters,
    );
  const commit: GitRepository["commit"] = (now, { branch = "main", force = false } = {}) => {
    git("checkout", "--quiet", "-B", branch);
    git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".");
    for (const [name, text] of Object.entries(now)) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), text);
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message=one more", ...(force ? ["--amend"] : []));
    git("push", "--quiet", "--force", path, branch);
    // For servers that have only files.
    run("-C", path, "update-server-info");
    return git("rev-parse", "HEAD");
  };
  commit(files);
  return { path, commit, git };
}

/** A folder of the test's own. */
export const scratch = (): string => writeFolder({});

/** A PATH on which programs write down their arguments, as `ps` would show them, and then do what they do. */
export function recordedPrograms(names: readonly string[]): { readonly path: string; readonly read: () => string } {
  const folder = writeFolder({ log: "" });
  const log = join(folder, "log");
  for (const name of names) {
    const real = execFileSync("which", [name], { encoding: "utf8" }).trim();
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\nexec '${real}' "$@"\n`, {
      mode: 0o755,
    });
  }
  return { path: `${folder}:${process.env.PATH}`, read: () => readFileSync(log, "utf8") };
}
