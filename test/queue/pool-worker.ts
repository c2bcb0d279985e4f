/** A worker thread whose deliveries say what they do: their sink's name. */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, threadId, workerData } from "node:worker_threads";
import type { Delivery } from "../../src/delivery.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { serveWorkerThread } from "../../src/queue/worker-thread.ts";

const manifest = {
  generation: String(workerData.configuration),
  playbooks: [],
  tokens: [],
  signers: [],
  clusters: { clusterName: "c" },
  relabel: [],
  actions: [],
  lightActions: [],
  slackApps: [],
  bundles: [],
};

async function work(delivery: Delivery) {
  const what = delivery.kind === "notify" ? delivery.sink : "";
  if (what === "later-exit") await sleep(20);
  if (what.endsWith("exit")) process.exit(7);
  if (what === "throw") setTimeout(() => Promise.reject(new Error("out of nowhere")), 1);
  if (what === "block") for (;;) Math.random();
  if (what === "which") return { state: "later", at: threadId, reason: manifest.generation } as const;
  if (what !== "quick") await sleep(what === "slow" ? 200 : 60_000);
  return { state: "later", at: threadId, reason: what } as const;
}

function check({ action }: { action: string }) {
  if (action === "exit") process.exit(7);
  return action === "fine" ? [] : [{ path: "action", message: `There is no ${action}.` }];
}

async function open() {
  if (workerData.configuration === "bad")
    throw new ConfigurationError([
      { at: "a:1", message: "one" },
      { at: "a:2", message: "two" },
    ]);
  if (workerData.configuration === "blocks") for (;;) Math.random();
  if (workerData.configuration === "waits") await sleep(60_000);
  if (workerData.configuration === "broken") throw new Error("no such file");
  return { manifest, work, check, close: () => undefined };
}

if (parentPort) await serveWorkerThread(parentPort, open);
