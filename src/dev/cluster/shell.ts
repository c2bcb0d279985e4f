/** The few commands that every container of the embedded cluster answers without a script, from the pod's own spec. */

import { recordsAt, textAt } from "./json.ts";
import type { Container } from "./pods.ts";
import { type ExecAnswer, shellScript } from "./scripts.ts";
import type { ApiObject } from "./store.ts";

interface Place {
  readonly pod: ApiObject;
  readonly container: Container;
}

interface Output {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

type Command = (args: readonly string[], place: Place) => Output;

const commands: Readonly<Record<string, Command>> = {
  cat: (args, place) => joined(args.map((path) => readFileIn(place, path))),
  date: () => ({ stdout: `${new Date().toUTCString()}\n` }),
  echo: (args) => ({ stdout: args[0] === "-n" ? args.slice(1).join(" ") : `${args.join(" ")}\n` }),
  env: (_, place) => ({ stdout: lines(environmentOf(place)) }),
  exit: ([code = "0"]) => ({ exitCode: Number(code) }),
  false: () => ({ exitCode: 1 }),
  hostname: (_, { pod }) => ({ stdout: `${pod.metadata.name}\n` }),
  id: () => ({ stdout: "uid=0(root) gid=0(root) groups=0(root)\n" }),
  ls: (args) => joined(args.filter((arg) => !arg.startsWith("-")).map(listFolder), listFolder("/")),
  printenv: (_, place) => ({ stdout: lines(environmentOf(place)) }),
  ps: (args, place) => ({ stdout: processesOf(place, ["ps", ...args].join(" ")) }),
  pwd: () => ({ stdout: "/\n" }),
  true: () => ({}),
  whoami: () => ({ stdout: "root\n" }),
};

/** The image of what only holds a pod's place has nothing else in it. */
const emptyImage = /(?:^|\/)pause[:@]/;

/** Undefined where the container has no such program, and no shell was asked to find that out. */
export function runCommand(command: readonly string[], place: Place): ExecAnswer | undefined {
  if (emptyImage.test(textAt(place.container.spec, "image") ?? "")) return undefined;
  const script = shellScript(command);
  if (script !== undefined) return runScript(script, place);
  const [name = "", ...args] = command;
  return Object.hasOwn(commands, name) && name !== "exit" ? commands[name]?.(args, place) : undefined;
}

/** Commands parted by `;`, `&&` or line ends, with quotes and `>&2`; nothing else of a shell's language. */
function runScript(script: string, place: Place): ExecAnswer {
  let stdout = "";
  let stderr = "";
  let exitCode = 0;
  for (const { words, after, toStderr } of statementsOf(script)) {
    if (after === "&&" && exitCode !== 0) continue;
    const [name = "", ...args] = words;
    const output = (Object.hasOwn(commands, name) ? commands[name] : undefined)?.(args, place) ?? {
      stderr: `sh: 1: ${name}: not found\n`,
      exitCode: 127,
    };
    stderr += output.stderr ?? "";
    if (toStderr) stderr += output.stdout ?? "";
    else stdout += output.stdout ?? "";
    exitCode = output.exitCode ?? 0;
    if (name === "exit") break;
  }
  return { stdout, stderr, exitCode };
}

interface Statement {
  readonly words: readonly string[];
  /** What parts it from the statement before. */
  readonly after: string;
  readonly toStderr: boolean;
}

function statementsOf(script: string): Statement[] {
  const tokens = script.match(/"(?:[^"\\]|\\.)*"|'[^']*'|;|\n|&&|1?>&2|[^\s;&'"]+/g) ?? [];
  const statements: Statement[] = [];
  let after = ";";
  let words: string[] = [];
  const finish = (separator: string): void => {
    const toStderr = words.some((word) => /^1?>&2$/.test(word));
    const plain = words.filter((word) => !/^1?>&2$/.test(word)).map(unquoted);
    if (plain.length > 0) statements.push({ words: plain, after, toStderr });
    after = separator;
    words = [];
  };
  for (const token of tokens) {
    if (/^(?:;|\n|&&)$/.test(token)) finish(token);
    else words.push(token);
  }
  finish(";");
  return statements;
}

const unquoted = (word: string): string =>
  /^["']/.test(word) ? word.slice(1, -1).replace(/\\(["\\$`])/g, "$1") : word;

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

function joined(outputs: readonly Output[], otherwise: Output = {}): Output {
  if (outputs.length === 0) return otherwise;
  return {
    stdout: outputs.map(({ stdout = "" }) => stdout).join(""),
    stderr: outputs.map(({ stderr = "" }) => stderr).join(""),
    exitCode: Math.max(...outputs.map(({ exitCode = 0 }) => exitCode)),
  };
}

const folders: Readonly<Record<string, readonly string[]>> = {
  "/": ["app", "bin", "dev", "etc", "proc", "sys", "tmp", "usr", "var"],
  "/app": ["config", "server"],
  "/tmp": [],
};

function listFolder(path: string): Output {
  const entries = folders[path === "/" ? path : path.replace(/\/$/, "")];
  if (entries !== undefined) return { stdout: lines(entries) };
  return { stderr: `ls: ${path}: No such file or directory\n`, exitCode: 1 };
}

function readFileIn({ pod }: Place, path: string): Output {
  if (path === "/etc/hostname") return { stdout: `${pod.metadata.name}\n` };
  return { stderr: `cat: can't open '${path}': No such file or directory\n`, exitCode: 1 };
}

/** Values from Secrets and ConfigMaps are not looked up, so that none is shown. */
function environmentOf({ pod, container }: Place): string[] {
  const own = recordsAt(container.spec, "env").flatMap(({ name, value }) =>
    typeof value === "string" ? [`${String(name)}=${value}`] : [],
  );
  return ["PATH=/usr/local/bin:/usr/bin:/bin", `HOSTNAME=${pod.metadata.name}`, ...own, "HOME=/root"];
}

function processesOf({ container }: Place, itself: string): string {
  const main = mainProcess(container);
  const row = (pid: number, memory: string, command: string): string =>
    `root     ${String(pid).padStart(5)}  0.0  0.1 ${memory} ?        Ss   00:00   0:00 ${command}`;
  return lines([
    "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND",
    row(1, "712340 48120", main),
    row(37, "  4448  1664", itself),
  ]);
}

function mainProcess({ spec }: Container): string {
  const words = (part: unknown): string[] => (Array.isArray(part) ? part.map(String) : []);
  const image = textAt(spec, "image") ?? "app";
  const entry = `/usr/bin/${image.replace(/^.*\//, "").replace(/[:@].*$/, "")}`;
  const command = spec.command === undefined ? [entry] : words(spec.command);
  return [...command, ...words(spec.args)].join(" ");
}
