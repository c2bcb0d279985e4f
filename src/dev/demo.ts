/**
 * `npm run demo`: the real server on the embedded cluster and the embedded database, with recorded webhooks of a real Alertmanager played
 * into it over HTTP. Ends by itself; `--stay` keeps serving.
 */
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createLogger } from "../log.ts";
import { type RunningServer, startServer } from "../server/server.ts";
import { settingsFrom } from "../settings.ts";
import { createScrubber } from "../tools/scrub.ts";
import type { TraceEvent } from "../trace.ts";
import { arrowsOf } from "./arrows.ts";
import { startEmbeddedCluster } from "./embedded-cluster.ts";

const token = "demo-argo-token";
const examples = fileURLToPath(new URL("../../docs/examples", import.meta.url));
const stay = process.argv.includes("--stay");
const colour = process.stdout.isTTY === true;
const begun = performance.now();

const say = (text = "") => console.log(text);
const heading = (text: string) => say(`\n${colour ? `\u001b[1m${text}\u001b[0m` : text}`);

/** Argo CD and a pager, as far as this demo needs them: both take what they are sent. */
async function startNeighbours(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("Content-Type", "application/json").end("{}"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Keeps the lines of each delivery together, so that those worked at the same time do not mix, and prints them when it has ended. */
function createStage() {
  const scenes = new Map<string, string[]>();
  const ended: string[] = [];
  let inWork = 0;
  return {
    onTrace(event: TraceEvent) {
      const { key, id } = event.delivery;
      const scene = scenes.get(key + id) ?? [];
      scene.push(...arrowsOf(event, { colour }));
      scenes.set(key + id, scene);
      if (event.type === "queued") inWork += 1;
      if (event.type !== "ended" && event.type !== "recognised" && event.type !== "unmatched") return;
      if (event.type === "ended") inWork -= 1;
      scenes.delete(key + id);
      ended.push(...scene);
    },
    show() {
      for (const line of ended.splice(0)) say(line);
    },
    /** Resolves when all that was queued has been worked and shown. */
    async empty() {
      const patience = AbortSignal.timeout(20_000);
      do {
        await wait(20);
        this.show();
      } while (inWork > 0 && !patience.aborted);
    },
  };
}

const recordedAt = Date.parse("2026-11-22T14:50:34Z");
const oneMinuteAgo = Date.now() - 60_000;

/** The times of the recording, moved: the alerts are younger than the objects, which are as old as their ages say. */
const asOfToday = (time: string) => new Date(Date.parse(time) - recordedAt + oneMinuteAgo).toISOString();

async function play(server: RunningServer, name: string): Promise<void> {
  const recorded = await readFile(new URL(`./webhooks/${name}.json`, import.meta.url), "utf8");
  const body = recorded.replaceAll(/"20\d\d-[^"]+Z"/g, (time) => JSON.stringify(asOfToday(JSON.parse(time))));
  const sent = performance.now();
  const response = await fetch(`${server.url}/webhooks/alertmanager`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  say(`POST /webhooks/alertmanager  ${response.status}  ${Math.round(performance.now() - sent)} ms`);
}

async function demo(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-demo-"));
  const neighbours = await startNeighbours();
  const cluster = await startEmbeddedCluster();
  const stage = createStage();
  const env = {
    DEMO_EXAMPLES: examples,
    DEMO_URL: neighbours.url,
    DEMO_TOKEN: token,
    DEMO_PAGER: `${neighbours.url}/pager`,
    DEMO_FINDINGS: path.join(folder, "findings.jsonl"),
  };
  const server = await startServer({
    settings: {
      ...settingsFrom({ ...env, CORTADO_LOG_LEVEL: "silent" }),
      configuration: fileURLToPath(new URL("./demo.yaml", import.meta.url)),
      dataDirectory: folder,
      kubeConfig: { from: "text", text: cluster.kubeconfig },
      traceFindings: true,
    },
    workerEntry: new URL("../../functions/node-worker.ts", import.meta.url),
    port: stay ? 7070 : 0,
    adminPort: stay ? 7071 : 0,
    threads: 1,
    log: createLogger({ level: "error", scrubber: createScrubber() }),
    onTrace: stage.onTrace,
  });
  say(`cortado on ${server.url}, an embedded cluster on ${cluster.url}, ready after ${seconds()}`);

  heading("1  A pod crash-loops. Alertmanager sends the alert:");
  await play(server, "crash-loop-firing");
  await stage.empty();
  say(`from the start to the finding: ${seconds()}`);

  heading("2  Alertmanager sends it again, as it does every few hours:");
  await play(server, "crash-loop-firing");
  await stage.empty();

  heading("3  Three alerts want the same application synced; once in 30 minutes is enough:");
  await play(server, "error-rate-firing");
  await stage.empty();

  heading("4  The pod is well again:");
  await play(server, "crash-loop-resolved");
  await stage.empty();

  if (stay) await serveOn(server, stage.show, path.join(folder, "kubeconfig"), cluster.kubeconfig);
  await server.close();
  await cluster.close();
  neighbours.server.close();
  await rm(folder, { recursive: true, force: true });
}

const seconds = () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;

/** An alert about another pod of the embedded cluster, to be sent by hand. */
const anotherAlert = {
  status: "firing",
  labels: {
    alertname: "KubePodCrashLooping",
    namespace: "shop",
    pod: "checkout-7d9f8b6c54-x2m4q",
    severity: "critical",
  },
  annotations: { summary: "Checkout is crash looping." },
};

/** Serves on, and shows what comes in, until it is told to stop. */
async function serveOn(server: RunningServer, show: () => void, file: string, kubeconfig: string): Promise<void> {
  await writeFile(file, kubeconfig, { mode: 0o600 });
  const body = JSON.stringify({ alerts: [anotherAlert] });
  heading("Still serving; Ctrl-C ends it. Try:");
  say(`  curl -X POST ${server.url}/webhooks/alertmanager -d '${body}'`);
  say(`  curl ${server.adminUrl}/readyz`);
  say(`  curl ${server.adminUrl}/idle`);
  say(`  curl ${server.adminUrl}/metrics`);
  say(`  kubectl --kubeconfig ${file} get pods -n shop`);
  const showing = setInterval(show, 100);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  clearInterval(showing);
}

await demo();
