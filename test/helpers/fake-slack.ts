/**
 * A Slack on a socket, for tests: strict where Slack is, in Slack's own words. Messages, threads and files can be looked at, and it can
 * be told to be slow, busy, broken or gone.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  buttonsOf,
  type FakeButton,
  interaction,
  type PressOptions,
  respondPath,
  type SlackInteraction,
  whisperIn,
} from "./fake-slack-interactions.ts";
import {
  type Answer,
  type Arguments,
  type Channels,
  createMethods,
  createWorkspace,
  type FakeFile,
  type FakeMessage,
  SlackRefusal,
  uploadPath,
} from "./fake-slack-methods.ts";

/** What happens to the next request of a method instead of an answer. */
export type Fault =
  | { readonly rateLimited: number }
  | { readonly error: string; readonly needed?: string }
  | { readonly status: number }
  | { readonly page: string }
  /** Never answers. `applied`: but does what was asked. */
  | { readonly hangs: true; readonly applied?: true }
  /** Closes the connection. `applied`: after doing what was asked. */
  | { readonly drops: true; readonly applied?: true };

export interface FakeSlackOptions {
  readonly token?: string;
  /** By name; the app is a member unless `invited: false`. Default: `alerts`. */
  readonly channels?: Channels;
  readonly scopes?: readonly string[];
  /** With which what is sent is signed. */
  readonly signingSecret?: string;
}

export interface FakeSlack {
  /** For the `slackApiUrl` option. */
  readonly url: string;
  readonly token: string;
  readonly signingSecret: string;
  /** Posted at top level, oldest first. */
  readonly messages: readonly FakeMessage[];
  /** Posted or shared in a thread. */
  replies(ts: string): readonly FakeMessage[];
  files(ts?: string): readonly FakeFile[];
  /** The methods called, in order. */
  readonly calls: readonly string[];
  /** What was refused, with the reasons. */
  readonly refusals: readonly string[];
  /** The id of a channel. */
  id(name: string): string;
  fail(method: string, ...faults: readonly Fault[]): void;
  remove(ts: string): void;
  /** The buttons of a message, as they are on it now. */
  buttons(ts: string): readonly FakeButton[];
  /** What is sent where somebody presses a button, signed. */
  press(ts: string, button: FakeButton, options?: PressOptions): SlackInteraction;
  /** What users were told that only they see, in order. */
  readonly whispers: readonly string[];
  close(): Promise<void>;
}

const allScopes = ["chat:write", "files:write", "channels:history", "channels:read"];

export type { FakeMessage };

/** All texts of a message, as one. */
export const textOf = (message: FakeMessage): string =>
  JSON.stringify([message.blocks, message.attachments]).replaceAll("\\n", "\n").replaceAll('\\"', '"');

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const { token = "xoxb-fake-token-of-a-test", channels = { alerts: {} }, scopes = allScopes } = options;
  const { signingSecret = "8f742231b10e8888abcd99yyyzzz85a5" } = options;
  const whispers: string[] = [];
  const workspace = createWorkspace(channels, scopes);
  const faults = new Map<string, Fault[]>();
  const calls: string[] = [];
  const refusals: string[] = [];
  const methods = createMethods(workspace, () => url);

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const path = new URL(request.url ?? "/", url).pathname;
    if (path === respondPath) {
      whispers.push(whisperIn(body));
      return send(response, 200, "ok");
    }
    const method = path.startsWith("/upload/") ? "upload" : path.replace("/api/", "");
    calls.push(method);
    const fault = faults.get(method)?.shift();
    if (fault !== undefined && !("applied" in fault)) return faulty(fault, response);
    const result = method === "upload" ? takeBytes(path, body) : callMethod(method, request, body);
    if (result.ok === false) refusals.push(JSON.stringify(result));
    if (fault !== undefined) return faulty(fault, response);
    send(response, 200, result);
  }

  function callMethod(method: string, request: IncomingMessage, body: Buffer): Answer {
    try {
      const given = parseArguments(request, body);
      authenticate(request, token);
      const run = methods[method];
      if (run === undefined) throw new SlackRefusal("unknown_method");
      return { ok: true, ...run(given) };
    } catch (error) {
      if (error instanceof SlackRefusal) return error.answer;
      throw error;
    }
  }

  function takeBytes(path: string, body: Buffer): Answer {
    const file = workspace.files.find(({ id }) => path === uploadPath(id));
    if (file === undefined || file.length !== body.length) return { ok: false, error: "wrong length or file" };
    file.bytes = body;
    return { ok: true };
  }

  return {
    url,
    token,
    signingSecret,
    get messages() {
      return workspace.messages.filter(({ thread }) => thread === undefined);
    },
    replies: (ts) => workspace.messages.filter(({ thread }) => thread === ts),
    files: (ts) => workspace.files.filter(({ shared }) => ts === undefined || shared?.thread === ts),
    calls,
    refusals,
    id: (name) => workspace.idOf(name),
    fail: (method, ...more) => faults.set(method, [...(faults.get(method) ?? []), ...more]),
    remove: (ts) => {
      workspace.messages.splice(
        workspace.messages.findIndex((message) => message.ts === ts),
        1,
      );
    },
    buttons: (ts) => {
      const message = workspace.messages.find((one) => one.ts === ts);
      return message === undefined ? [] : buttonsOf(message);
    },
    press(ts, button, pressing) {
      const message = workspace.messages.find((one) => one.ts === ts);
      if (message === undefined) throw new Error(`there is no message ${ts}`);
      return interaction(message, button, { signingSecret, respondAt: new URL(respondPath, url).href, ...pressing });
    },
    whispers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: Answer | string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function faulty(fault: Fault, response: ServerResponse): void {
  if ("rateLimited" in fault) {
    send(response, 429, { ok: false, error: "ratelimited" }, { "retry-after": String(fault.rateLimited) });
  } else if ("error" in fault) {
    send(response, 200, { ok: false, ...fault });
  } else if ("status" in fault) send(response, fault.status, "");
  else if ("page" in fault) send(response, 200, fault.page, { "content-type": "text/html" });
  else if ("drops" in fault) response.socket?.destroy();
}

/** Both forms that Slack takes: form fields, whose structures are JSON, and JSON. */
function parseArguments(request: IncomingMessage, body: Buffer): Arguments {
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return JSON.parse(body.toString());
  if (!type.startsWith("application/x-www-form-urlencoded")) throw new SlackRefusal("invalid_form_data");
  const structured = new Set(["blocks", "attachments", "metadata", "files"]);
  return Object.fromEntries(
    [...new URLSearchParams(body.toString())].map(([key, value]) => [
      key,
      structured.has(key) ? parseJson(value, key) : value,
    ]),
  );
}

function parseJson(value: string, key: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackRefusal(key === "blocks" ? "invalid_blocks_format" : `invalid_${key}`);
  }
}

function authenticate(request: IncomingMessage, token: string): void {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new SlackRefusal("not_authed");
  if (authorization !== `Bearer ${token}`) throw new SlackRefusal("invalid_auth");
}
