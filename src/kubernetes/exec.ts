/** Commands in containers, over the WebSocket protocol of `kubectl exec`. */
import { WebSocket } from "ws";
import { ClusterError } from "../errors.ts";
import { readEndStatus, refusal } from "./answers.ts";
import { type Api, type CallFacts, describeCall, recorded, unanswered } from "./api.ts";
import { CredentialError, receive } from "./connection.ts";
import { chosenContainer, needsContainer } from "./containers.ts";
import { ExecOutput } from "./exec-output.ts";
import type { CallScope, ExecOptions, ExecResult } from "./kubernetes.ts";
import { pathOf } from "./paths.ts";

const defaultTimeoutSeconds = 60;
const handshakeMilliseconds = 10_000;

/**
 * The server takes the first that it knows. Those before 1.29 do not know v5, and refuse a client that offers nothing else with 403.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go
 */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** The first byte of a frame. */
const channels = { stdout: 1, stderr: 2, status: 3 } as const;

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly command: readonly string[];
  readonly options: ExecOptions;
}

/** Runs a command to its end. Throws a ClusterError where it could not be started or its end is unknown. */
export async function execute(api: Api, scope: CallScope, request: ExecRequest): Promise<ExecResult> {
  const { namespace, pod, options } = request;
  // Opening a WebSocket is a GET, and API servers ask for that verb; newer ones for `create` as well.
  const facts: CallFacts = { verb: "get", resource: "pods/exec", namespace, name: pod };
  return recorded(scope, facts, async (note) => {
    const run = (container: string | undefined) => runOnce({ api, facts, note, container, ...request }, scope.signal);
    const first = await run(options.container);
    const end = first === "needs container" ? await run(await chosenContainer(api, scope, namespace, pod)) : first;
    if (end !== "needs container") return end;
    throw new ClusterError(400, "BadRequest", `The cluster ${api.name} found no container in pod ${namespace}/${pod}.`);
  });
}

interface Run extends ExecRequest {
  readonly api: Api;
  readonly facts: CallFacts;
  readonly note: (answer: { readonly status: number }) => void;
  readonly container: string | undefined;
}

type End = ExecResult | "needs container";

async function runOnce(run: Run, signal: AbortSignal | undefined): Promise<End> {
  signal?.throwIfAborted();
  const { api, facts } = run;
  const socket = await openSocket(run, signal);
  const seconds = run.options.timeoutSeconds ?? defaultTimeoutSeconds;
  const output = new ExecOutput();
  const { promise, resolve, reject } = Promise.withResolvers<End>();
  const fail = (reason: string, what: string) =>
    reject(
      new ClusterError(0, reason, `The cluster ${api.name}: ${describeCall(facts)} ${what}. ${output.describe()}`),
    );

  // Each of these may be the end; the first one counts.
  const timer = setTimeout(() => fail("Timeout", `did not end within ${seconds} s`), seconds * 1000);
  const abort = () => reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  socket.on("unexpected-response", (_outgoing, incoming) => {
    refused(run, receive(incoming)).then(resolve, reject);
  });
  socket.on("error", (error) => reject(unanswered(api, facts, error)));
  socket.on("close", (code) => fail("ConnectionLost", `lost its connection (${code}) before the command ended`));
  socket.on("open", () => run.note({ status: 101 }));
  socket.on("message", (data) => {
    const frame = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    if (frame[0] === channels.stdout) output.add("stdout", frame.subarray(1));
    if (frame[0] === channels.stderr) output.add("stderr", frame.subarray(1));
    if (frame[0] !== channels.status || frame.length === 1) return;
    const end = readEnd(api, facts, frame.subarray(1));
    if (end instanceof ClusterError) reject(end);
    else resolve({ ...output.result(), exitCode: end });
  });

  try {
    if (signal?.aborted) abort();
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    socket.terminate();
  }
}

async function openSocket(run: Run, signal: AbortSignal | undefined): Promise<WebSocket> {
  const { api, facts, namespace, pod, command, container } = run;
  const query = new URLSearchParams({ stdout: "true", stderr: "true" });
  if (container !== undefined) query.set("container", container);
  for (const word of command) query.append("command", word);
  const path = `${pathOf("Pod", "v1", namespace, pod)}/exec?${query}`;
  const deadline = AbortSignal.timeout(handshakeMilliseconds);
  try {
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const { url, options } = await api.connection.upgrade(path, either);
    return new WebSocket(url, protocols, { ...options, handshakeTimeout: handshakeMilliseconds });
  } catch (error) {
    signal?.throwIfAborted();
    throw unanswered(api, facts, deadline.aborted ? new CredentialError("they did not come in time") : error);
  }
}

/** The answer of a server that did not open the socket. */
async function refused({ api, facts, note }: Run, answering: ReturnType<typeof receive>): Promise<"needs container"> {
  const answer = await answering;
  note(answer);
  if (needsContainer(answer)) return "needs container";
  throw refusal(api, facts, answer);
}

/** What the status channel says: the exit code, or why there is none. */
function readEnd(api: Api, facts: CallFacts, data: Buffer): number | ClusterError {
  const status = readEndStatus(data);
  if (status?.status === "Success") return 0;
  const exitCode = status?.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (exitCode !== undefined && /^\d+$/.test(exitCode)) return Number(exitCode);
  const { code = 500, reason = "InternalError", message = "the command could not be started." } = status ?? {};
  return new ClusterError(code, reason, `The cluster ${api.name}: ${describeCall(facts)}: ${message}`);
}
