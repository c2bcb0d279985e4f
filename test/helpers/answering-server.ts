/** A real HTTP server that answers as a test says, and keeps what it was asked. */
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo, Socket } from "node:net";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly json?: unknown;
      readonly text?: string | Uint8Array;
    }
  /** Cuts the connection; or leaves it open and says nothing. */
  | "cut"
  | "silence";

export interface AnsweringServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** With TLS, each is a handshake. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

export async function startAnsweringServer(
  answer: (asked: Asked, count: number) => Answer | Promise<Answer>,
  tls?: https.ServerOptions,
): Promise<AnsweringServer> {
  const asked: Asked[] = [];
  let connections = 0;

  const listener: http.RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
    const given = await answer(one, asked.push(one));
    if (given === "cut") request.socket.destroy();
    else if (given !== "silence") {
      response.writeHead(given.status ?? 200, { "content-type": "application/json", ...given.headers });
      response.end(given.text ?? JSON.stringify(given.json ?? {}));
    }
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.on(tls === undefined ? "connection" : "secureConnection", (_socket: Socket) => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    asked,
    connections: () => connections,
    close: () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}
