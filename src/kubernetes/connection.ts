/**
 * The connections to one API server: credentials from the kubeconfig, and one pool of sockets that are kept open.
 *
 * client-node makes a new connection for every request (its agents keep none alive), so requests go over an agent of ours, and
 * client-node supplies what it takes to make one: addresses, CA, client certificates, tokens, plugins, proxies.
 */
import { createHash } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { abortable } from "./abortable.ts";

/** Sockets at most, so calls at most at one time. */
export const maxSockets = 16;
/** Unused sockets are closed by then. API servers close theirs after 90 s, load balancers some after 60 s. */
const idleMilliseconds = 30_000;
/** For a plugin that asks somebody else; one that hangs is given up then, and started again by the next call. */
const credentialMilliseconds = 30_000;

export interface HttpRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Keeps no more than the last so many bytes of the answer, where it is a good one. */
  readonly keepLast?: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** How many bytes came, kept or not. */
  readonly bytes: number;
}

export interface Connection {
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  /** What it takes to open a WebSocket, which has a socket of its own. */
  upgrade(path: string, signal: AbortSignal): Promise<{ readonly url: string; readonly options: https.RequestOptions }>;
  /** The text without any credential that was used on this connection. */
  scrub(text: string): string;
  close(): void;
}

/** A credential could not be got: the plugin failed, or a file is gone. */
export class CredentialError extends Error {
  override readonly name = "CredentialError" as const;
}

export function connect(kubeConfig: KubeConfig): Connection {
  allowPlainHttp(kubeConfig);
  const base = new URL(kubeConfig.getCurrentCluster()?.server ?? "");
  const secrets = new Set<string>();
  const agents = new Map<string, http.Agent>();
  let pending: Promise<https.RequestOptions> | undefined;

  // Calls that begin together share one run of the exec plugin, which client-node would start for each.
  const credentials = (): Promise<https.RequestOptions> => {
    pending ??= readCredentials(kubeConfig, secrets).finally(() => {
      pending = undefined;
    });
    return pending;
  };

  const agentFor = (options: https.RequestOptions): http.Agent => {
    const key = materialOf(options);
    const known = agents.get(key);
    if (known !== undefined) return known;
    const agent = makeAgent(base, options, kubeConfig.getCurrentCluster()?.proxyUrl !== undefined);
    // The sockets of certificates that were replaced end by themselves: idle ones time out.
    agents.clear();
    agents.set(key, agent);
    return agent;
  };

  return {
    exchange: async (request) => {
      const options = await abortable(credentials(), request.signal);
      return send(base, request, options, agentFor(options));
    },
    upgrade: async (path, signal) => {
      const { agent, ...options } = await abortable(credentials(), signal);
      const { proxyUrl } = kubeConfig.getCurrentCluster() ?? {};
      const url = `${base.protocol === "http:" ? "ws" : "wss"}://${base.host}${prefixOf(base)}${path}`;
      return { url, options: proxyUrl === undefined ? options : { ...options, agent } };
    },
    scrub: (text) => [...secrets].reduce((scrubbed, secret) => scrubbed.replaceAll(secret, "[redacted]"), text),
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** A gateway may put the API below a path: `https://rancher.example.com/k8s/clusters/c-1`. */
const prefixOf = (base: URL): string => base.pathname.replace(/\/+$/, "");

/** client-node refuses plain http unless it is told that there is nothing to verify. */
function allowPlainHttp(kubeConfig: KubeConfig): void {
  kubeConfig.clusters = kubeConfig.clusters.map((cluster) =>
    cluster.server.startsWith("http:") ? { ...cluster, skipTLSVerify: true } : cluster,
  );
}

async function readCredentials(kubeConfig: KubeConfig, secrets: Set<string>): Promise<https.RequestOptions> {
  const options: https.RequestOptions = {};
  const deadline = AbortSignal.timeout(credentialMilliseconds);
  try {
    await abortable(kubeConfig.applyToHTTPSOptions(options), deadline);
  } catch (error) {
    if (deadline.aborted) throw new CredentialError(`they did not come within ${credentialMilliseconds / 1000} s`);
    throw new CredentialError(error instanceof Error ? error.message : String(error));
  }
  // A token file may end with a line break, which no header may hold.
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value).trim()] as const);
  options.headers = Object.fromEntries(headers);
  for (const secret of secretsOf(options)) secrets.add(secret);
  return options;
}

function secretsOf(options: https.RequestOptions): string[] {
  const headers = Object.entries(options.headers ?? {}).filter(([name]) => name.toLowerCase() === "authorization");
  const tokens = headers.map(([, value]) => String(value).replace(/^\S+\s+/, ""));
  const basic = options.auth ?? "";
  const password = basic.slice(basic.indexOf(":") + 1);
  return [...tokens, password, Buffer.from(basic).toString("base64")].filter((secret) => secret.length >= 4);
}

function materialOf(options: https.RequestOptions): string {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const material = [ca, cert, key, pfx, passphrase, rejectUnauthorized, servername].map(String);
  return createHash("sha256").update(JSON.stringify(material)).digest("hex");
}

function makeAgent(base: URL, options: https.RequestOptions, proxied: boolean): http.Agent {
  if (proxied && options.agent instanceof http.Agent) {
    // client-node's agent knows the way through the proxy; it only does not keep its connections.
    return Object.assign(options.agent, { keepAlive: true, maxSockets });
  }
  const pool = { keepAlive: true, maxSockets, timeout: idleMilliseconds, scheduling: "lifo" } as const;
  if (base.protocol === "http:") return new http.Agent(pool);
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const material = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  const given = Object.entries(material).filter(([, value]) => value !== undefined);
  return new https.Agent({ ...Object.fromEntries(given), ...pool });
}

function send(base: URL, request: HttpRequest, options: https.RequestOptions, agent: http.Agent): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const start = base.protocol === "http:" ? http.request : https.request;
  const outgoing = start({
    agent,
    protocol: base.protocol,
    // The brackets of an IPv6 address are the URL's, not the address's.
    hostname: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port,
    method: request.method,
    path: `${prefixOf(base)}${request.path}`,
    headers: { accept: "application/json", "user-agent": "cortado", ...options.headers, ...request.headers },
    auth: options.auth,
    signal: request.signal,
  });
  outgoing.on("error", reject);
  outgoing.on("response", (incoming) => {
    receive(incoming, request.keepLast).then(resolve, reject);
  });
  outgoing.end(request.body);
  return promise;
}

export async function receive(
  incoming: http.IncomingMessage,
  keepLast = Number.POSITIVE_INFINITY,
): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let kept = 0;
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    kept += chunk.length;
    chunks.push(chunk);
    while (kept - (chunks[0]?.length ?? 0) >= keepLast) kept -= chunks.shift()?.length ?? 0;
  }
  const body = Buffer.concat(chunks);
  const last = body.length > keepLast ? body.subarray(body.length - keepLast) : body;
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: last, bytes };
}
