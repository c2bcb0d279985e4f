/** The commands that show what a configuration does, on a cluster of their own. Each loads what it needs when it is called. */
import type { Command } from "commander";

export function addRehearsalCommands(program: Command): void {
  program
    .command("play")
    .description("run recorded webhooks through the playbooks offline, and print every decision, call and finding")
    .argument("<file...>", "JSON as Alertmanager or kubewatch posts it; several are played one after the other")
    .option("--config <file>", "the configuration (default: cortado.yaml, if it is there)")
    .option("--cluster <path...>", "YAML or JSON files or folders of the cluster's objects (default: a small shop)")
    .option("--data <folder>", "where compiled repositories are kept (default: .cortado)")
    .option("--send", "tell the sinks, and let actions reach the network; without it nothing leaves this machine")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nEnds with 0 where a playbook ran, with 3 where none did, and with 1 where nothing could be played.",
    )
    .action(async (files, options) => (await import("./play.ts")).play(files, options));

  program
    .command("dev")
    .description("play a webhook on each save of the configuration or an action, and each one that is posted")
    .argument("[file]", "what is played first, as for `play`; without it, the first that is posted")
    .option("--config <file>", "the configuration (default: cortado.yaml, if it is there)")
    .option("--cluster <path...>", "YAML or JSON files or folders of the cluster's objects (default: a small shop)")
    .option("--data <folder>", "where compiled repositories are kept (default: .cortado)")
    .option("--port <number>", "where webhooks can be posted to on this machine; 0 for any free port", Number, 7070)
    .option("--send", "tell the sinks, and let actions reach the network; without it nothing leaves this machine")
    .action(async (file, options) => (await import("./dev.ts")).dev(file, options));
}
