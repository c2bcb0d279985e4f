/**
 * The thread of the embedded database: dynalite on a Unix socket. An error inside dynalite is thrown and ends this thread, not the
 * process; embedded.ts starts it again.
 */
import { rename, rm } from "node:fs/promises";
import http from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import * as z from "zod";
import { unfinished } from "./embedded-socket.ts";

const { socketPath, dataPath } = z
  .strictObject({ socketPath: z.string(), dataPath: z.optional(z.string()) })
  .parse(workerData);

process.on("uncaughtException", (error: Error & { code?: string }) => {
  // dynalite throws also when a client goes away in mid-request, which is the client's affair.
  if (error.code === "ECONNRESET" || error.code === "EPIPE") return;
  parentPort?.postMessage({ failed: causesOf(error) });
  process.exit(1);
});

const server = dynalite({ createTableMs: 0, ...(dataPath === undefined ? {} : { path: dataPath }) });
parentPort?.once("message", async () => {
  // First: from the moment that the folder is unlocked, the socket may be another process's.
  await rm(socketPath, { force: true });
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
server.listen(unfinished(socketPath), async () => {
  // The folder's lock is only noticed at the first request, and then fatally: nobody else may be waiting by then.
  await firstRequest();
  await rename(unfinished(socketPath), socketPath);
  parentPort?.postMessage({ listening: true });
});

async function firstRequest(): Promise<void> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.DescribeTable",
    "x-amz-date": "20260101T000000Z",
    authorization: "AWS4-HMAC-SHA256 Credential=embedded, SignedHeaders=host, Signature=0",
  };
  await new Promise<void>((resolve, reject) => {
    const request = http.request({ socketPath: unfinished(socketPath), method: "POST", headers, agent: false });
    request.on("response", (response) => response.resume().on("end", resolve));
    request.on("error", reject);
    request.end('{"TableName":"any"}');
  });
}

function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${causesOf(error.cause)}`;
}
