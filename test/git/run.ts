/**
 * Runs the tests that need git, ssh and sshd: Debian's packages git, openssh-client and openssh-server, which need not be started. Without them
 * it says which tests did not run, and is content.
 *
 *   node test/git/run.ts [vitest's arguments]
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { sshdObstacle } from "./sshd.ts";

const root = resolve(import.meta.dirname, "../..");

const missing = (program: string, flag: string) => spawnSync(program, [flag], { stdio: "ignore" }).error !== undefined;

function main(): number {
  if (missing("git", "--version")) {
    console.log("The tests of playbook repositories in git did not run: there is no git here.");
    return 0;
  }
  const obstacle = missing("ssh", "-V") ? "there is no ssh here" : sshdObstacle();
  const without = obstacle === undefined ? [] : ["--exclude", "test/git/ssh/**"];
  if (obstacle !== undefined) console.log(`The tests of playbook repositories over ssh did not run: ${obstacle}.`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const parameters = [vitest, "run", "--config", "vitest.git.config.ts", ...without, ...process.argv.slice(2)];
  return spawnSync(process.execPath, parameters, { cwd: root, stdio: "inherit" }).status ?? 1;
}

process.exitCode = main();
