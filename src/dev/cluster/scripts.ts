/**
 * What containers of the embedded cluster have logged and what commands in them answer: nothing runs there, everything is scripted,
 * by a test through `EmbeddedCluster.scripts`, or in YAML by annotations of the pod:
 *
 *     embedded.cortado.dev/logs: |            the log of the default container; of another: embedded.cortado.dev/logs.NAME
 *       now-90s connecting to db:5432         `now-90s ` (s, m, h, d) dates a line for sinceSeconds and is not part of it
 *     embedded.cortado.dev/previous-logs: …   the same for the container's last run before this one
 *     embedded.cortado.dev/exec: |            a JSON (or YAML) list of answers, the first that fits is given
 *       [{ "command": "ps aux", "stdout": "…", "stderr": "…", "exitCode": 0 },
 *        { "regex": "^curl ", "container": "api", "delayMs": 200, "hang": false, "drop": false }]
 *
 * The command is compared without a `sh -c` before it, its arguments joined by spaces. `hang` never ends, `drop` cuts the connection.
 */

import { parse } from "yaml";
import * as z from "zod";
import { describeError } from "../../errors.ts";
import { containersOf, defaultContainer } from "./pods.ts";
import { badRequest } from "./status.ts";
import type { ApiObject } from "./store.ts";

export interface LogLine {
  /** With its line end, where it has one. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time?: number;
}

export interface LogScript {
  readonly namespace: string;
  readonly pod: string;
  /** Default: every container of the pod. */
  readonly container?: string;
  readonly previous?: boolean;
  /** Text as in the annotation, or lines. */
  readonly log: string | readonly LogLine[];
}

export interface ExecAnswer {
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  /** Default 0. */
  readonly exitCode?: number | undefined;
  /** Before the first output. */
  readonly delayMs?: number | undefined;
  /** Writes its output and never ends. */
  readonly hang?: boolean | undefined;
  /** Writes its output and cuts the connection. */
  readonly drop?: boolean | undefined;
}

export interface ExecScript extends ExecAnswer {
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  /** Default: every command. */
  readonly command?: string | RegExp | undefined;
}

const prefix = "embedded.cortado.dev/";

const execAnnotation = z.array(
  z.strictObject({
    command: z.string().optional(),
    regex: z.string().optional(),
    container: z.string().optional(),
    stdout: z.string().optional(),
    stderr: z.string().optional(),
    exitCode: z.number().int().optional(),
    delayMs: z.number().optional(),
    hang: z.boolean().optional(),
    drop: z.boolean().optional(),
  }),
);

export class Scripts {
  readonly #logs: LogScript[] = [];
  readonly #answers: ExecScript[] = [];
  readonly #missing = new Set<string>();

  /** The newest script that fits counts, and any script before an annotation. */
  log(script: LogScript): void {
    this.#logs.unshift(script);
  }

  exec(script: ExecScript): void {
    this.#answers.unshift(script);
  }

  /** Undefined where nothing is scripted. */
  logOf(pod: ApiObject, container: string, previous: boolean): readonly LogLine[] | undefined {
    const { name, namespace = "default" } = pod.metadata;
    const scripted = this.#logs.find(
      (one) =>
        one.namespace === namespace &&
        one.pod === name &&
        (one.previous ?? false) === previous &&
        (one.container ?? container) === container,
    );
    const log = scripted?.log ?? annotatedLog(pod, container, previous ? "previous-logs" : "logs");
    return typeof log === "string" ? linesOf(log) : log;
  }

  /** An image that no node can pull, as far as jobs go: pods that are made as such run with any. */
  missingImage(image: string): void {
    this.#missing.add(image);
  }

  isMissing(pod: ApiObject): boolean {
    return containersOf(pod).some(({ spec }) => this.#missing.has(String(spec.image)));
  }

  execOf(pod: ApiObject, container: string, command: readonly string[]): ExecAnswer | undefined {
    const { name, namespace = "default" } = pod.metadata;
    const line = commandLine(command);
    return [...this.#answers, ...annotatedAnswers(pod)].find(
      (one) =>
        (one.namespace ?? namespace) === namespace &&
        (one.pod ?? name) === name &&
        (one.container ?? container) === container &&
        commandFits(one.command, line),
    );
  }
}

/** `ps aux` for `["ps", "aux"]` and for `["sh", "-c", "ps aux"]`. */
export function commandLine(command: readonly string[]): string {
  return shellScript(command) ?? command.join(" ");
}

/** What a shell is told to run, be it by way of `nsenter … --`; undefined where the command is no shell. */
export function shellScript(command: readonly string[]): string | undefined {
  const [shell = "", flag = "", script] = command[0] === "nsenter" ? command.slice(command.indexOf("--") + 1) : command;
  return /^(?:\/bin\/)?(?:ba|a|da)?sh$/.test(shell) && /^-[a-z]*c$/.test(flag) ? script : undefined;
}

function commandFits(wanted: string | RegExp | undefined, line: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? wanted === line : wanted.test(line);
}

function annotatedLog(pod: ApiObject, container: string, what: string): string | undefined {
  const annotations = pod.metadata.annotations ?? {};
  const own = annotations[`${prefix}${what}.${container}`];
  if (own !== undefined) return own;
  const byDefault = defaultContainer(pod) ?? containersOf(pod)[0]?.name;
  return container === byDefault ? annotations[`${prefix}${what}`] : undefined;
}

function annotatedAnswers(pod: ApiObject): ExecScript[] {
  const text = pod.metadata.annotations?.[`${prefix}exec`];
  if (text === undefined) return [];
  try {
    return execAnnotation.parse(parse(text)).map(({ regex, command, ...answer }) => ({
      ...answer,
      command: regex === undefined ? command : new RegExp(regex),
    }));
  } catch (error) {
    throw badRequest(`annotation ${prefix}exec of pod ${pod.metadata.name} cannot be read: ${describeError(error)}`);
  }
}

function linesOf(text: string): LogLine[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const dated = /^now-(?<age>\d+[smhd]) (?<text>.*)$/s.exec(line)?.groups;
    const time = dated?.age === undefined ? undefined : relativeTime(dated.age);
    return time === undefined ? { text: line } : { text: dated?.text ?? "", time };
  });
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Milliseconds since 1970 for an age such as `90s`, `5m`, `2h`, `1d`. */
export function relativeTime(age: string): number | undefined {
  const seconds = unitSeconds[age.slice(-1)];
  return seconds === undefined ? undefined : Date.now() - Number(age.slice(0, -1)) * seconds * 1000;
}
