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

  withTarget(playbooks.command("push"))
    .description("compile a package and make it live")
    .argument("[folder]", "the package", ".")
    .option("--name <name>", "what it is called there (default: as its package.json says, else the folder's name)")
    .action(async (folder, options) => (await import("./playbooks-push.ts")).push(folder, options));

  withTarget(playbooks.command("list"))
    .description("list what is pushed")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./playbooks-manage.ts")).list(options));

  withTarget(playbooks.command("show"))
    .description("list the versions of what was pushed under a name, * is live, and its actions")
    .argument("<name>")
    .option("--json", "as JSON")
    .action(async (name, options) => (await import("./playbooks-manage.ts")).show(name, options));

  withTarget(playbooks.command("rollback"))
    .description("make an earlier version live again")
    .argument("<name>")
    .option("--to <sha256>", "the first digits of its hash (default: the one before what is live)")
    .action(async (name, options) => (await import("./playbooks-manage.ts")).rollback(name, options));

  withTarget(playbooks.command("delete"))
    .description("make no version live any more; a rollback brings it back")
    .argument("<name>")
    .action(async (name, options) => (await import("./playbooks-manage.ts")).remove(name, options));

  withTarget(playbooks.command("pull"))
    .description("write a pushed bundle, its manifest and its source map into a folder")
    .argument("<name>")
    .argument("<folder>")
    .option("--version <sha256>", "the first digits of its hash (default: what is live)")
    .action(async (name, folder, options) => (await import("./playbooks-manage.ts")).pull(name, folder, options));
}

const targetHelp = `
With --url, or CORTADO_URL, a running server is asked. Without, its table and its bundle store are used, found as
\`cortado serve\` finds them: by --config, --data, CORTADO_TABLE, CORTADO_BUNDLES.`;

const withTarget = (command: Command): Command =>
  command
    .option("--url <url>", "a running server, as in https://cortado.example.com")
    .option("--token <token>", "with the scope `admin` there; better in CORTADO_TOKEN")
    .option("--config <file>", "the configuration (default: cortado.yaml, if it is there)")
    .option("--data <folder>", "bundles and the embedded database (default: .cortado)")
    .addHelpText("after", targetHelp);
