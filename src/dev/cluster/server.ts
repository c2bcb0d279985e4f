/** The embedded cluster's sockets: HTTP or HTTPS, and the upgrade to WebSocket for exec. */

import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { type Api, answer, authenticate, authorized, refused } from "./api.ts";
import { ExecServer, type Execution, prepareExec, protocols } from "./exec.ts";
import { type Fault, type Faults, faultResponse, onlyDelays } from "./faults.ts";
import { badRequest, methodNotAllowed } from "./status.ts";

export interface RequestRecord {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** HTTP status of the answer; 0 where the connection was cut instead. */
  readonly status: number;
}

export interface ServerOptions {
  readonly api: Api;
  readonly faults: Faults;
  /** 0: any that is free. */
  readonly port: number;
  /** PEM; HTTPS where given. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

/** How many requests are remembered. */
const rememberedRequests = 10_000;

/** Listens on loopback only: whoever has the token, or reaches it without one, may do everything. */
export class ApiServer {
  readonly requests: RequestRecord[] = [];
  /** TCP connections accepted so far; with TLS, each is a handshake. */
  connections = 0;
  readonly #api: Api;
  readonly #faults: Faults;
  readonly #exec = new ExecServer();
  readonly #server: Server;
  readonly #closing = new AbortController();

  constructor({ api, faults, tls }: Omit<ServerOptions, "port">) {
    this.#api = api;
    this.#faults = faults;
    const listener = getRequestListener((request, { incoming }) => this.#answer(request, incoming.socket), {
      overrideGlobalObjects: false,
    });
    this.#server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
    this.#server.on("connection", () => {
      this.connections += 1;
    });
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#upgrade(request, socket, head);
    });
  }

  async listen(port: number): Promise<number> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#exec.close();
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: Request, socket: Duplex): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const path = `${pathname}${search}`;
    const fault = await this.#fault(`${request.method} ${path}`);
    const cut = fault?.drop === true;
    const response = fault === undefined ? await answer(this.#api, request) : faultResponse(fault);
    this.#remember(request.method, path, cut ? 0 : response.status);
    if (cut) socket.destroy();
    return response;
  }

  /** What this request meets instead of an answer, after its delay. */
  async #fault(line: string): Promise<Fault | undefined> {
    const fault = this.#faults.take(line);
    if (fault?.delayMs !== undefined) {
      await delay(fault.delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
    return fault === undefined || onlyDelays(fault) ? undefined : fault;
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const { method = "GET", url = "/" } = request;
    const fault = await this.#fault(`${method} ${url}`);
    const prepared = fault === undefined ? await this.#prepare(request) : faultResponse(fault);
    if (fault?.drop === true) socket.destroy();
    else if (prepared instanceof Response) await refuse(socket, prepared);
    else this.#exec.run(request, socket, head, prepared);
    const refusedWith = prepared instanceof Response ? prepared.status : 101;
    this.#remember(method, url, fault?.drop === true ? 0 : refusedWith);
  }

  async #prepare(request: IncomingMessage): Promise<Execution | Response> {
    try {
      authenticate(this.#api, request.headers.authorization ?? null);
      const url = `http://${request.headers.host ?? "localhost"}${request.url ?? "/"}`;
      const read = await authorized(this.#api, new Request(url));
      if (read.subresource !== "exec") throw methodNotAllowed();
      if (request.headers.upgrade?.toLowerCase() !== "websocket") throw badRequest(websocketOnly);
      const execution = prepareExec(this.#api.store, this.#api.scripts, read);
      return offersProtocol(request) ? execution : new Response(null, { status: 403 });
    } catch (error) {
      return refused(error);
    }
  }

  #remember(method: string, path: string, status: number): void {
    this.requests.push({ method, path, status });
    if (this.requests.length > rememberedRequests) this.requests.shift();
  }
}

/** kubectl before 1.30, which a real server would still serve. */
const websocketOnly =
  "the embedded cluster speaks WebSocket alone: exec by SPDY is not served, use kubectl 1.30 or newer";

function offersProtocol({ headers }: IncomingMessage): boolean {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
  return protocols.some((protocol) => offered.includes(protocol));
}

async function refuse(socket: Duplex, response: Response): Promise<void> {
  const body = await response.text();
  const lines = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`,
    ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
