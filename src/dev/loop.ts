/**
 * The author's loop: the last webhook is played again each time that the configuration or an action is saved, and each time another one
 * comes. Every play has a table and a cluster of its own, so that it begins as the one before. It is in a thread, which is replaced where
 * a play does not come to its end.
 */
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { LoopMessage, LoopQuestion, LoopThreadData } from "./loop-thread.ts";
import { watchSaves } from "./saves.ts";

export interface LoopOptions extends Omit<LoopThreadData, "folder"> {
  /** Of the port to which webhooks may be posted, on the loopback interface; 0 for any free one. */
  readonly port: number;
  /** What is played first; without it, the first that is posted. */
  readonly webhook?: unknown;
  readonly say: (line: string) => void;
}

export interface Loop {
  readonly url: string;
  close(): Promise<void>;
}

const entry = new URL("./loop-thread.ts", import.meta.url);

/** For so long the next play waits for the one before. */
const patienceMilliseconds = 1_000;

interface Play {
  readonly why: string;
  readonly webhook: unknown;
  readonly began: number;
}

/** Throws the system's error where the port is taken. */
export async function startLoop({ port, webhook: first, say, ...data }: LoopOptions): Promise<Loop> {
  const server = await listen(port, (body, what) => {
    webhook = body;
    play(what);
  });
  const configuration = path.resolve(data.settings.configuration);
  const folder = mkdtempSync(path.join(tmpdir(), "cortado-dev-"));
  const workerData: LoopThreadData = { ...data, folder };
  let webhook = first;
  let now: Play | undefined;
  let next: Play | undefined;

  const finish = (outcome: string) => {
    if (now === undefined) return;
    say(`== ${outcome} after ${Math.round(performance.now() - now.began)} ms`);
    now = undefined;
    if (next !== undefined) begin(next);
  };

  const startThread = () => {
    const worker = new Worker(entry, { workerData });
    worker.on("message", (message: LoopMessage) => {
      if (worker !== thread) return;
      if (message.type === "line") say(message.text);
      else if (message.type === "sources") saves.keep([configuration, ...message.paths]);
      else finish(message.ok ? "done" : "failed");
    });
    worker.on("error", (error) => say(`the thread failed: ${error.message}`));
    worker.on("exit", () => worker === thread && replaceThread("its thread ended"));
    return worker;
  };

  const replaceThread = (why: string) => {
    const old = thread;
    thread = startThread();
    void old.terminate();
    finish(why);
  };

  const begin = (play: Play) => {
    now = play;
    next = undefined;
    say(`\n== ${play.why}`);
    const question: LoopQuestion = play.webhook === undefined ? {} : { webhook: play.webhook };
    thread.postMessage(question);
  };

  const play = (why: string) => {
    const wanted = { why, webhook, began: performance.now() };
    if (now === undefined) return begin(wanted);
    next = wanted;
    const stuck = now;
    setTimeout(() => now === stuck && replaceThread("given up"), patienceMilliseconds).unref();
  };

  const saves = watchSaves((file) => play(`${path.relative(process.cwd(), file)} was saved`));
  let thread = startThread();
  say(`cortado dev: save a file, or post a webhook to ${server.url}; Ctrl-C ends it`);
  saves.keep([configuration]);
  play(webhook === undefined ? "loading" : "playing");

  return {
    url: server.url,
    async close() {
      saves.close();
      server.close();
      thread.removeAllListeners();
      await thread.terminate();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Takes whatever JSON is posted, from this machine alone. */
async function listen(port: number, onPost: (body: unknown, what: string) => void) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = tryJson(Buffer.concat(chunks).toString("utf8"));
    if (request.method !== "POST" || body === undefined) {
      response.writeHead(400).end("POST a webhook as JSON\n");
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end('{"success":true}\n');
    onPost(body, `${request.method} ${request.url}`);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
