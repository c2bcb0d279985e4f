/** What the pods of a test say and answer: scripted logs and commands. */
import type { ExecOptions, ExecResult, LogOptions } from "../kubernetes/kubernetes.ts";

/** Which log is asked for. The container is always named: the default one is found as by the API server. */
export interface LogRequest extends LogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The log of a container, of this run and of the one before. */
export type ContainerLog = string | { readonly current?: string; readonly previous?: string };

/**
 * One text for every container, of this run and the one before; a log for each container; or a function of what is asked for, which
 * gives undefined where there is no log.
 */
export type LogScript = string | Readonly<Record<string, ContainerLog>> | ((request: LogRequest) => string | undefined);

/** Which command was run, and where. */
export interface ExecRequest extends ExecOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** As the container gets it; of `pod.exec("ps aux")` it is `["sh", "-c", "ps aux"]`. */
  readonly argv: readonly string[];
}

/** A text is the standard output of a command that ended well. */
export type ExecAnswer = string | Partial<ExecResult>;

/** One answer to every command, or a function of the command: the text given to a shell, or the arguments with spaces between. */
export type ExecScript = ExecAnswer | ((command: string, request: ExecRequest) => ExecAnswer | Promise<ExecAnswer>);

/** The last lines and bytes asked for. Lines have no times, so `sinceSeconds` changes nothing. */
export function readLog(script: LogScript | undefined, request: LogRequest): string | undefined {
  const text = scriptedLog(script, request);
  if (text === undefined) return undefined;
  let lines = text.split(/(?<=\n)/);
  if (request.tailLines !== undefined) lines = request.tailLines === 0 ? [] : lines.slice(-request.tailLines);
  const { limitBytes = Number.POSITIVE_INFINITY } = request;
  let bytes = 0;
  const first = lines.findLastIndex((line) => {
    bytes += Buffer.byteLength(line);
    return bytes > limitBytes;
  });
  return lines.slice(first + 1).join("");
}

function scriptedLog(script: LogScript | undefined, request: LogRequest): string | undefined {
  if (typeof script === "function") return script(request);
  const { container, previous } = request;
  const log = typeof script === "object" ? own(script, container) : script;
  if (typeof log === "object") return previous ? log.previous : (log.current ?? "");
  return log ?? (previous ? undefined : "");
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

export async function runCommand(script: ExecScript | undefined, request: ExecRequest): Promise<ExecResult> {
  const { argv, pod } = request;
  const command = argv[0] === "sh" && argv[1] === "-c" && argv.length === 3 ? (argv[2] ?? "") : argv.join(" ");
  if (script === undefined) {
    throw new Error(
      `nothing says what \`${command}\` answers in the pod ${pod}; give \`exec\` to the event or the cluster`,
    );
  }
  const answer = typeof script === "function" ? await script(command, request) : script;
  if (typeof answer === "string") return { stdout: answer, stderr: "", output: answer, exitCode: 0 };
  const { stdout = "", stderr = "" } = answer;
  return { stdout, stderr, output: stdout + stderr, exitCode: 0, ...answer };
}
