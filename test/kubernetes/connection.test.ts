import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { describeError } from "../../src/errors.ts";
import { type ConnectedCluster, createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { type AnsweringServer, startAnsweringServer } from "../helpers/answering-server.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let folder: string;
let pems: Awaited<ReturnType<typeof generate>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cortado-connection-"));
  pems = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "api-1", namespace: "shop" } };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const trusted = () => ({ "certificate-authority-data": base64(pems.cert) });

async function serveTls(options: { readonly mutual?: boolean } = {}): Promise<AnsweringServer> {
  const mutual = options.mutual ? { requestCert: true, ca: pems.cert } : {};
  const server = await startAnsweringServer(() => ({ json: pod }), { key: pems.private, cert: pems.cert, ...mutual });
  closing.push(server.close);
  return server;
}

function clusterOf(text: string): ConnectedCluster {
  const cluster = createCluster({
    name: "prod",
    kubeConfig: loadKubeConfig({ from: "text", text }),
    timeoutSeconds: 5,
  });
  closing.push(cluster.close);
  return cluster;
}

const read = (cluster: ConnectedCluster) => cluster.get("Pod", "api-1", "shop");

describe("connections", () => {
  it("are kept: 20 reads one after another make one TLS handshake", async () => {
    const server = await serveTls();
    const cluster = clusterOf(kubeconfigText({ server: server.url, cluster: trusted(), user: { token: "t0ken" } }));
    for (let reads = 0; reads < 20; reads += 1) await read(cluster);
    expect(server.asked).toHaveLength(20);
    expect(server.connections()).toBe(1);
  });

  it("are kept for views of the cluster alike", async () => {
    const server = await serveTls();
    const cluster = clusterOf(kubeconfigText({ server: server.url, cluster: trusted() }));
    for (let reads = 0; reads < 5; reads += 1)
      await cluster
        .within({ signal: AbortSignal.timeout(5000) })
        .list("Node")
        .catch(() => []);
    expect(server.connections()).toBe(1);
  });

  it("are made with plain http, and below a path, where the kubeconfig says so", async () => {
    const server = await startAnsweringServer(() => ({ json: pod }));
    closing.push(server.close);
    await read(clusterOf(kubeconfigText({ server: `${server.url}/k8s/clusters/c-1/` })));
    expect(server.asked[0]?.url).toBe("/k8s/clusters/c-1/api/v1/namespaces/shop/pods/api-1");
  });

  it("are not made to a server whose certificate is not trusted, and that is said at once", async () => {
    const server = await serveTls();
    const other = await generate([{ name: "commonName", value: "other" }], { keyType: "ec", algorithm: "sha256" });
    const cluster = { "certificate-authority-data": base64(other.cert) };
    const error = await read(clusterOf(kubeconfigText({ server: server.url, cluster }))).catch(
      (error: unknown) => error,
    );
    expect(error).toMatchObject({ name: "ClusterError", code: 0 });
    expect(describeError(error)).toMatch(/The cluster prod could not be reached: .*certificate/);
    expect(server.asked).toHaveLength(0);
  });

  it("are made to such a server where the kubeconfig says so", async () => {
    const server = await serveTls();
    const cluster = { "insecure-skip-tls-verify": true };
    expect(await read(clusterOf(kubeconfigText({ server: server.url, cluster })))).toEqual(pod);
  });

  it("go through the proxy of the kubeconfig, and are kept there too", async () => {
    const tunnels: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      tunnels.push(request.url ?? "");
      const [host = "", port = ""] = (request.url ?? "").split(":");
      const target = dial(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      for (const end of [target, socket]) end.on("error", () => target.destroy());
      closing.push(() => target.destroy());
    });
    await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
    closing.push(() => proxy.close());
    const server = await serveTls();
    const through = { ...trusted(), "proxy-url": `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const cluster = clusterOf(kubeconfigText({ server: server.url, cluster: through }));
    for (let reads = 0; reads < 5; reads += 1) await read(cluster);
    expect(tunnels).toEqual([new URL(server.url).host]);
    expect(server.connections()).toBe(1);
  });
});

describe("credentials", () => {
  it("of a user with a password", async () => {
    const server = await serveTls();
    const user = { username: "ann", password: "pass:word" };
    await read(clusterOf(kubeconfigText({ server: server.url, cluster: trusted(), user })));
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${base64("ann:pass:word")}`);
  });

  it("of a client certificate, for reads and for exec", async () => {
    const { serverSocket, url } = await serveMutual();
    const user = { "client-certificate-data": base64(pems.cert), "client-key-data": base64(pems.private) };
    const cluster = clusterOf(kubeconfigText({ server: url, cluster: trusted(), user }));
    expect(await read(cluster)).toEqual(pod);
    expect(await cluster.exec("shop", "api-1", ["id"])).toMatchObject({ stdout: "hello", exitCode: 0 });
    expect(serverSocket.map((socket) => socket.authorized)).toEqual([true, true]);
  });

  /** Asks for a client's certificate, and answers reads and exec. */
  async function serveMutual() {
    const serverSocket: TLSSocket[] = [];
    const { createServer: createTlsServer } = await import("node:https");
    const options = { key: pems.private, cert: pems.cert, ca: pems.cert, requestCert: true };
    const server = createTlsServer(options, (_request, response) => response.end(JSON.stringify(pod)));
    server.on("secureConnection", (socket) => serverSocket.push(socket));
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => {
      socket.send(Buffer.from("\u0001hello"));
      socket.send(Buffer.from('\u0003{"status":"Success"}'));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    closing.push(() => {
      sockets.close();
      server.closeAllConnections();
      server.close();
    });
    return { serverSocket, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  const plugin = (script: string) => {
    const command = join(folder, `plugin-${Math.random()}`);
    writeFileSync(command, `#!/bin/sh\n${script}\n`);
    chmodSync(command, 0o700);
    return { exec: { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" } };
  };

  it("of a plugin, which runs once for calls that begin together", async () => {
    const server = await serveTls();
    const runs = join(folder, "runs");
    const user = plugin(`echo run >> ${runs}; sleep 0.2
      echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"from-plugin"}}'`);
    const cluster = clusterOf(kubeconfigText({ server: server.url, cluster: trusted(), user }));
    await Promise.all(Array.from({ length: 5 }, () => read(cluster)));
    await read(cluster);
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(Array(6).fill("Bearer from-plugin"));
    expect(readFileSync(runs, "utf8")).toBe("run\n");
  });

  it("of a plugin that fails are an error that says so at once", async () => {
    const server = await serveTls();
    const user = plugin("echo 'the session has expired: log in again' >&2; exit 1");
    const cluster = clusterOf(kubeconfigText({ server: server.url, cluster: trusted(), user }));
    for (const call of [read(cluster), cluster.exec("shop", "api-1", ["id"])]) {
      const error = await call.catch((error: unknown) => error);
      expect(error).toMatchObject({ name: "ClusterError", code: 0, reason: "CredentialsFailed" });
      expect(describeError(error)).toContain("the session has expired: log in again");
    }
    expect(server.asked).toHaveLength(0);
  });

  it("of a plugin that hangs do not hold up a call", async () => {
    const server = await serveTls();
    const text = kubeconfigText({ server: server.url, cluster: trusted(), user: plugin("exec sleep 2") });
    const kubeConfig = loadKubeConfig({ from: "text", text });
    const cluster = createCluster({ name: "prod", kubeConfig, timeoutSeconds: 0.2 });
    await expect(read(cluster)).rejects.toMatchObject({ name: "ClusterError", code: 0, reason: "Timeout" });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(cluster.within({ signal }).exec("shop", "api-1", ["id"])).rejects.toThrow("enough");
  });

  it("of a token file that ends with a line break", async () => {
    const server = await serveTls();
    const file = join(folder, "token");
    writeFileSync(file, "from-file\n");
    const user = { "auth-provider": { name: "tokenFile", config: { tokenFile: file } } };
    await read(clusterOf(kubeconfigText({ server: server.url, cluster: trusted(), user })));
    expect(server.asked[0]?.headers.authorization).toBe("Bearer from-file");
  });
});
