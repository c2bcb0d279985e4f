import { createServer } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server as NetServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { describeError } from "../../src/errors.ts";
import { createCluster } from "../../src/kubernetes/client.ts";
import { loadKubeConfig } from "../../src/kubernetes/kubeconfig.ts";
import { kubeconfigText } from "../helpers/kubeconfig.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function clusterAt(server: NetServer) {
  const { port } = server.address() as AddressInfo;
  const text = kubeconfigText({ server: `http://127.0.0.1:${port}` });
  const cluster = createCluster({ name: "prod", kubeConfig: loadKubeConfig({ from: "text", text }) });
  closing.push(cluster.close);
  return cluster;
}

/** An API server of which `talk` is the other end of the command. */
async function serve(talk: (socket: WebSocket) => void) {
  const server = createServer();
  const offered: string[] = [];
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (protocols) => {
      offered.push(...protocols);
      // As a Kubernetes before 1.29.
      return protocols.has("v4.channel.k8s.io") ? "v4.channel.k8s.io" : false;
    },
  });
  sockets.on("connection", talk);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    return new Promise((closed) => server.close(closed));
  });
  const cluster = clusterAt(server);
  const exec = (timeoutSeconds = 5) =>
    cluster.exec("shop", "api-1", ["run", "it"], { container: "api", timeoutSeconds });
  return { offered, exec };
}

const frame = (channel: number, data: string | Buffer) => Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
const success = frame(3, '{"metadata":{},"status":"Success"}');

describe("exec", () => {
  it("offers the newest protocol first, and takes the one before", async () => {
    const { exec, offered } = await serve((socket) => socket.send(success));
    expect(await exec()).toMatchObject({ exitCode: 0 });
    expect(offered).toEqual(["v5.channel.k8s.io", "v4.channel.k8s.io"]);
  });

  it("keeps the order of both streams, and characters that frames have split", async () => {
    const [first, second] = [Buffer.from("ä").subarray(0, 1), Buffer.from("ä").subarray(1)];
    const frames = [
      frame(1, ""),
      frame(2, ""),
      frame(1, first),
      frame(1, second),
      frame(2, "!"),
      frame(1, "b"),
      success,
    ];
    const { exec } = await serve((socket) => {
      for (const one of frames) socket.send(one);
    });
    expect(await exec()).toEqual({ stdout: "äb", stderr: "!", output: "ä!b", exitCode: 0 });
  });

  it.each<[Buffer | string, string]>([
    [Buffer.alloc(0), "a frame of nothing"],
    [frame(9, "?"), "a channel that there is not"],
    ["text", "text"],
  ])("passes over what is no frame of the protocol: %o (%s)", async (odd) => {
    const { exec } = await serve((socket) => {
      socket.send(odd);
      socket.send(success);
    });
    expect(await exec()).toMatchObject({ output: "", exitCode: 0 });
  });

  it.each([
    ["is cut", (socket: WebSocket) => socket.terminate(), 1006],
    ["is closed", (socket: WebSocket) => socket.close(1000), 1000],
  ])("whose connection %s before the command's end has no known end", async (_, end, code) => {
    const { exec } = await serve((socket) => socket.send(frame(1, "half of it"), () => end(socket)));
    const error = await exec().catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "ClusterError", code: 0, reason: "ConnectionLost", retryable: true });
    expect(describeError(error)).toBe(
      `The cluster prod: get pods/exec api-1 in shop lost its connection (${code}) before the command ended. Its output until then: half of it`,
    );
  });

  it("closes its socket at the timeout", async () => {
    const closed = Promise.withResolvers<number>();
    const { exec } = await serve((socket) => socket.on("close", closed.resolve));
    await expect(exec(0.2)).rejects.toMatchObject({ reason: "Timeout" });
    expect(await closed.promise).toBe(1006);
  });

  it("ends at its timeout where the server does not even answer", async () => {
    const silent = createNetServer();
    await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
    closing.push(() => silent.close());
    const exec = clusterAt(silent).exec("shop", "api-1", ["run"], { timeoutSeconds: 0.2 });
    await expect(exec).rejects.toMatchObject({ name: "ClusterError", code: 0, reason: "Timeout" });
  });

  it.each([
    [
      '{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"137"}]}}',
      137,
    ],
    ['{"status":"Success"}', 0],
  ])("reads the exit code of %s", async (status, exitCode) => {
    const { exec } = await serve((socket) => socket.send(frame(3, status)));
    expect(await exec()).toMatchObject({ exitCode });
  });

  it.each([
    ['{"status":"Failure","reason":"InternalError","code":500,"message":"no such file"}', "no such file"],
    ['{"status":"Failure"}', "the command could not be started."],
    ["nonsense", "the command could not be started."],
  ])("has no exit code in %s", async (status, message) => {
    const { exec } = await serve((socket) => socket.send(frame(3, status)));
    const error = await exec().catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "ClusterError", code: 500, reason: "InternalError" });
    expect(describeError(error)).toBe(`The cluster prod: get pods/exec api-1 in shop: ${message}`);
  });
});
