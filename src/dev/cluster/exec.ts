/**
 * pods/exec over WebSocket, protocols v4 and v5.channel.k8s.io: each frame begins with its channel.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go
 */

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { at, textAt } from "./json.ts";
import { type Container, chooseContainer } from "./pods.ts";
import { type ApiRequest, flagIn } from "./request.ts";
import type { ExecAnswer, Scripts } from "./scripts.ts";
import { runCommand } from "./shell.ts";
import { badRequest, notFound } from "./status.ts";
import type { ApiObject, ObjectStore } from "./store.ts";

const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

export const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"] as const;

/** A command that may be run: everything that is refused before the upgrade has been. */
export interface Execution {
  readonly command: readonly string[];
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly stdin: boolean;
  /** Undefined: the container has no such program. */
  readonly answer: ExecAnswer | undefined;
}

/** What the kubelet refuses in plain text. */
export class PlainRefusal extends Error {
  override readonly name = "PlainRefusal";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

interface ExecTarget {
  readonly pod: ApiObject;
  readonly container: Container;
}

/** What the API server looks up before it looks at the connection. */
export function execTarget(store: ObjectStore, { resource, namespace, name = "", query }: ApiRequest): ExecTarget {
  const pod = store.find(resource, name, namespace);
  if (pod === undefined) throw notFound(resource, name);
  const container = chooseContainer(pod, query.get("container"));
  if (textAt(pod, "spec", "nodeName") === undefined) throw badRequest(`pod ${name} does not have a host assigned`);
  return { pod, container };
}

/** @throws Refusal as the API server's, PlainRefusal as the kubelet's. */
export function prepareExec(store: ObjectStore, scripts: Scripts, request: ApiRequest): Execution {
  const { pod, container } = execTarget(store, request);
  const { query } = request;
  const stdin = flagIn(query, "stdin");
  const stdout = flagIn(query, "stdout");
  const stderr = flagIn(query, "stderr");
  if (!(stdin || stdout || stderr)) {
    throw new PlainRefusal(400, "you must specify at least 1 of stdin, stdout, stderr");
  }
  if (!isRunning(container)) throw new PlainRefusal(500, `container not found ("${container.name}")`);
  const command = query.getAll("command");
  const answer = scripts.execOf(pod, container.name, command) ?? runCommand(command, { pod, container });
  return { command, stdin, stdout, stderr, answer };
}

const isRunning = ({ status }: Container): boolean => at(status, "state", "running") !== undefined;

/** The WebSocket side of it. */
export class ExecServer {
  readonly #server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });

  run(request: IncomingMessage, socket: Duplex, head: Buffer, execution: Execution): void {
    this.#server.handleUpgrade(request, socket, head, (connection) => play(connection, execution));
  }

  close(): void {
    for (const connection of this.#server.clients) connection.terminate();
    this.#server.close();
  }
}

function play(connection: WebSocket, execution: Execution): void {
  const { answer, command } = execution;
  const write = (channel: number, text: string): void => {
    for (const chunk of chunksOf(Buffer.from(text))) connection.send(Buffer.concat([Buffer.of(channel), chunk]));
  };
  write(firstChannel(execution), "");
  if (execution.stdin && command[0] === "cat" && command.length === 1) {
    copyInput(connection, () => finish(connection, write, command, 0));
    return;
  }
  const timer = setTimeout(() => {
    if (execution.stdout && answer?.stdout) write(channels.stdout, answer.stdout);
    if (execution.stderr && answer?.stderr) write(channels.stderr, answer.stderr);
    if (answer?.hang) return;
    if (answer?.drop) connection.terminate();
    else finish(connection, write, command, answer === undefined ? undefined : (answer.exitCode ?? 0));
  }, answer?.delayMs ?? 0);
  connection.on("close", () => clearTimeout(timer));
}

/** Output comes in frames of at most 32 KiB, cut wherever that falls. */
const frameBytes = 32 * 1024;

function chunksOf(bytes: Buffer): Buffer[] {
  const count = Math.max(1, Math.ceil(bytes.length / frameBytes));
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * frameBytes, (index + 1) * frameBytes));
}

/** A real server sends an empty frame there as soon as the command is about to run. */
function firstChannel({ stdout, stderr }: Execution): number {
  if (stdout) return channels.stdout;
  return stderr ? channels.stderr : channels.status;
}

/** In v5 the client can say that its input ends; before, it could only hang up. */
function copyInput(connection: WebSocket, ended: () => void): void {
  connection.on("message", (data) => {
    const frame = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    if (frame[0] === channels.close && frame[1] === channels.stdin) ended();
    if (frame[0] === channels.stdin) connection.send(Buffer.concat([Buffer.of(channels.stdout), frame.subarray(1)]));
  });
}

function finish(
  connection: WebSocket,
  write: (channel: number, text: string) => void,
  command: readonly string[],
  exitCode: number | undefined,
): void {
  write(channels.status, JSON.stringify(outcome(command, exitCode)));
  connection.close(1000);
}

function outcome(command: readonly string[], exitCode: number | undefined): object {
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  if (exitCode === undefined) {
    const why =
      "error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: " +
      `exec failed: unable to start container process: exec: "${command[0] ?? ""}": executable file not found in $PATH: unknown`;
    return {
      metadata: {},
      status: "Failure",
      message: `Internal error occurred: ${why}`,
      reason: "InternalError",
      details: { causes: [{ message: why }] },
      code: 500,
    };
  }
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: error executing command [${command.join(" ")}], exit code ${exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}
