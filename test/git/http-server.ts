/** Git repositories over HTTPS: by git's own server, or as files alone, as any server of files has them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import { generate } from "selfsigned";
import { onTestFinished } from "vitest";
import { scratch } from "./repository.ts";

export interface GitServerOptions {
  /** The folder of the repositories. */
  readonly root: string;
  readonly files?: boolean;
  /** Refuses or sends on a request: a status, and headers. */
  readonly refuse?: (
    headers: IncomingHttpHeaders,
  ) => { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;
}

export interface GitServer {
  readonly url: string;
  readonly host: string;
  /** A file of the certificate that it has, for GIT_SSL_CAINFO. */
  readonly certificate: string;
  readonly asked: readonly IncomingHttpHeaders[];
}

/** Ends with the test. */
export async function startGitServer({ root, files = false, refuse }: GitServerOptions): Promise<GitServer> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const certificate = join(scratch(), "certificate.pem");
  writeFileSync(certificate, cert);
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    asked.push(request.headers);
    const refused = refuse?.(request.headers);
    if (refused !== undefined) response.writeHead(refused.status, refused.headers).end();
    else if (files) sendFile(root, request, response);
    else void sendSmart(root, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const host = `127.0.0.1:${address.port}`;
  return { url: `https://${host}`, host, certificate, asked };
}

function sendFile(root: string, { url = "" }: IncomingMessage, response: ServerResponse): void {
  const file = join(root, new URL(url, "http://x").pathname);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) response.end(readFileSync(file));
  else response.writeHead(404).end();
}

/** git's own CGI program: https://git-scm.com/docs/git-http-backend */
async function sendSmart(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, search } = new URL(request.url ?? "", "http://x");
  const { headers } = request;
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers["content-type"],
      HTTP_CONTENT_ENCODING: headers["content-encoding"],
      GIT_PROTOCOL: `${headers["git-protocol"] ?? ""}`,
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf("\r\n\r\n");
  const written = whole.subarray(0, end).toString("latin1").split("\r\n");
  const fields = written.map((line) => line.split(": ", 2)).map(([name = "", value = ""]) => [name, value] as const);
  const status = Number.parseInt(fields.find(([name]) => name === "Status")?.[1] ?? "200", 10);
  response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== "Status")));
  response.end(whole.subarray(end + 4));
}
