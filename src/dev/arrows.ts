/** The way of a delivery as lines with arrows, for somebody who watches a terminal. */
import { renderFinding } from "../sinks/console.ts";
import { changeLines } from "../sinks/plain-text.ts";
import { type Effect, inWords, type NoMatch, type SinkResult, type TraceEvent } from "../trace.ts";

export interface ArrowOptions {
  readonly colour: boolean;
  /** Whether it is said of built-in playbooks, too, why they did not run. Default no. */
  readonly builtin?: boolean;
}

const styles = { dim: "2", bold: "1", red: "31", green: "32", yellow: "33", cyan: "36" } as const;

/** The lines of one event of the trace; none for those that only machines count. */
export function arrowsOf(event: TraceEvent, { colour, builtin: all = false }: ArrowOptions): string[] {
  const style = (name: keyof typeof styles, text: string) =>
    colour ? `\u001b[${styles[name]}m${text}\u001b[0m` : text;
  const { title } = event.delivery;
  const line = (what: string, text: string) => `    ${style("dim", what.padEnd(9))} ${text}`;
  const others = (list: readonly NoMatch[]) =>
    list
      .filter(({ builtin }) => all || !builtin)
      .map(({ playbook, reason }) => line("no match", `${playbook}: ${style("dim", reason)}`));
  switch (event.type) {
    case "unmatched":
      return [`${style("cyan", "-->")} ${style("bold", title)}`, ...others(inWords(event.refusals))];
    case "recognised":
      return [`${style("cyan", "-->")} ${style("bold", title)}`, line("known", event.reason)];
    case "taken":
      return [
        `${style("cyan", "-->")} ${style("bold", title)}  ${style("dim", `[${event.run}]`)}`,
        line("taken", event.reason),
      ];
    case "matched":
      return [...event.playbooks.map((name) => line("match", style("green", name))), ...others(event.others)];
    case "call": {
      const { verb, resource, namespace, name, status, milliseconds, dryRun } = event.call;
      const tried = dryRun ? "  (dry run)" : "";
      const what = [verb.padEnd(6), resource, namespace, name].filter((part) => part !== undefined).join(" ");
      return [
        line(
          "cluster",
          `${what}  ${style(status < 400 ? "green" : "yellow", String(status))}  ${milliseconds} ms${tried}`,
        ),
      ];
    }
    case "effect":
      return effectLines(event.effect).map((text) => line("would", text));
    case "step": {
      const reason = event.reason === undefined ? "" : `: ${event.reason}`;
      return [
        line(
          "action",
          `${event.action}  ${style(stateStyle(event.state), event.state)}${reason}  ${event.milliseconds} ms`,
        ),
      ];
    }
    case "finding":
      return [
        "",
        ...renderFinding(event.finding, { colour })
          .split("\n")
          .map((text) => `    ${style("dim", "|")} ${text}`),
        "",
      ];
    case "notified":
      return [line("sink", sinkText(event.result))];
    case "ended":
      return [`${style("cyan", "<--")} worked in ${event.milliseconds} ms`];
    case "later":
      return [line("later", event.reason)];
    case "dead":
      return [line("given up", event.reasons.join("; "))];
    case "queued":
      return [];
  }
}

/** What would have been done, and to which fields. */
export function effectLines({ verb, resource, namespace, name, command, changes = [] }: Effect): string[] {
  const what = [verb.padEnd(6), resource, namespace, name].filter((part) => part !== undefined).join(" ");
  return [
    command === undefined ? what : `${what}: ${command.join(" ")}`,
    ...changes.flatMap(changeLines).map((text) => `  ${text}`),
  ];
}

const stateStyle = (state: string) => (state === "done" ? "green" : "yellow");

function sinkText({ sink, outcome, reason }: SinkResult): string {
  return `${sink}: ${outcome}${reason === undefined ? "" : ` (${reason})`}`;
}
