/** The commands of an author: `cortado playbooks …`. Each loads what it needs when it is called. */
import type { Command } from "commander";

export function addPlaybooksCommands(program: Command): void {
  const playbooks = program.command("playbooks").description("write, test and bring your own actions");

  playbooks
    .command("new")
    .description("write a package with an action, its test and all that they need")
    .argument("<name>", "of the package, as in shop-actions")
    .option("--dir <folder>", "where to write it (default: a folder of that name)")
    .action(async (name, options) => (await import("./playbooks-new.ts")).newPackage(name, options));

  playbooks
    .command("test")
    .description("compile a package, check its types and run its tests")
    .argument("[folder]", "the package", ".")
    .action(async (folder) => (await import("./playbooks-test.ts")).testPackage(folder));
}
