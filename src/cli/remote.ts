/** The commands that ask a server: `cortado trigger`, `cortado runs`. Each loads what it needs when it is called. */
import type { Command } from "commander";

const triggerHelp = `
Params:
  lines=20            as the action's schema wants it: text, a number, true or false
  labels.app=web      a part of an object
  names[]=a names[]=b a list
  query:='{"a": 1}'   JSON, for everything else
A value may hold further equals signs.

Exit code: 0 when the run is done, 1 when it failed or was refused, 2 when it goes on still.
CORTADO_URL and CORTADO_TOKEN stand for --url and --token.`;

export function addRemoteCommands(program: Command): void {
  withServer(program.command("trigger"))
    .description("run an action on a server, now, and print what it found")
    .argument("<action>", "its name, as `cortado actions` lists it")
    .argument("[params...]", "its params: key=value")
    .option("--target <object>", "what it is run on: kind/namespace/name, or kind/name of what is in no namespace")
    .option("--cluster <name>", "in which cluster, as the configuration names it")
    .option("--dry-run", "change nothing and tell no sink; print what would be done")
    .option("--sinks <names>", "the sinks to tell, with commas between them (default: every default one)", list)
    .option("--no-sinks", "tell no sink")
    .option("--wait <seconds>", "how long to wait for its end; 0 for not at all", seconds, 600)
    .option("--json", "print the answer as JSON")
    .addHelpText("after", triggerHelp)
    .action(async (action, params, options) => (await import("./trigger.ts")).trigger(action, params, options));

  withServer(program.command("runs"))
    .description("list the latest runs of a server, or show one: what ran, what did not, and why")
    .argument("[run]", "its id")
    .option("--limit <number>", "how many at most", "20")
    .option("--before <run>", "only those before this one")
    .option("--state <state>", "only those in this state: done, failed, not matched, …")
    .option("--playbook <id>", "only those of this playbook; ~ and an action's name for those by hand")
    .option("--cluster <name>", "only those about this cluster")
    .option("--json", "print the answer as JSON")
    .action(async (run, options) => (await import("./runs.ts")).runs(run, options));
}

const withServer = (command: Command): Command =>
  command
    .option("--url <url>", "the server (default: http://127.0.0.1:7070)")
    .option(
      "--token <token>",
      "a token that the server knows; better in CORTADO_TOKEN, which nobody sees in a list of processes",
    );

const list = (text: string): readonly string[] => text.split(",").filter((name) => name !== "");

function seconds(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new TypeError(`${text} is no number of seconds`);
}
