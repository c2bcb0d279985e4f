/** The `cortado` command. Each command loads what it needs when it is called, so that `--help` is instant. */
import { Argument, Command, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { describeError, isCortadoError } from "../errors.ts";
import { addPlaybooksCommands } from "./playbooks.ts";
import { addRehearsalCommands } from "./rehearsal.ts";
import { addRemoteCommands } from "./remote.ts";

const program = new Command("cortado")
  .description("Typed playbooks that run when something happens in a Kubernetes cluster.")
  .version(packageJson.version)
  .showHelpAfterError();

const objects = () =>
  new Option("--objects <path...>", "YAML or JSON files or folders for the embedded cluster (default: a small shop)");

program
  .command("serve")
  .description("receive webhooks and run playbooks until stopped")
  .option("--config <file>", "the configuration (default: cortado.yaml, if it is there)")
  .option("--port <number>", "where senders post to; 0 for any free port (default: 7070)", portNumber)
  .option("--admin-port <number>", "health, readiness and metrics (default: 7071)", portNumber)
  .option("--host <address>", "the address to listen on (default: all with a token configured, else loopback)")
  .option("--kubeconfig <file>", "the cluster to work on (default: as kubectl finds it)")
  .addOption(new Option("--cluster <name>", "work on a cluster of Cortado's own instead").choices(["embedded"]))
  .addOption(objects())
  .option("--data <folder>", "bundles and the embedded database (default: .cortado)")
  .action(async (options) => (await import("./serve.ts")).serve(options));

program
  .command("cluster")
  .description("run the embedded cluster alone and print the path of its kubeconfig")
  .addOption(objects())
  .option("--port <number>", "where its API listens (default: any free port)", portNumber)
  .action(async (options) => (await import("./cluster.ts")).cluster(options));

program
  .command("check")
  .description("report every problem of a configuration, without starting anything")
  .argument("<file>", "the configuration")
  .option(
    "--no-queue",
    "for a function that works what arrives while its sender waits: what needs a queue is a problem",
  )
  .option("--json", "as JSON")
  .action(async (file, options) => (await import("./check.ts")).check(file, options));

program
  .command("schema")
  .description("print a JSON Schema: of cortado.yaml, for editors, or of a finding, for who reads them")
  .addArgument(new Argument("[what]").choices(["configuration", "finding"]).default("configuration"))
  .action(async (what) => (await import("./schema.ts")).schema(what));

for (const what of ["actions", "triggers", "sinks"] as const) {
  program
    .command(what)
    .description(`list the ${what} that a configuration may name`)
    .option("--json", "as JSON, with the schema of their params")
    .action(async (options) => (await import("./list.ts")).list(what, options));
}

addPlaybooksCommands(program);
addRehearsalCommands(program);
addRemoteCommands(program);

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new TypeError(`${text} is not a port`);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(isCortadoError(error) ? error.message : describeError(error));
  process.exitCode = 1;
}
