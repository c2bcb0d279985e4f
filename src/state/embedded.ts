/**
 * The embedded database: dynalite, which speaks DynamoDB's protocol over LevelDB, in a thread of its own and on a Unix socket in its
 * data folder. It checks no signature, so a port would be open to every local user; the folder is its owner's alone. Writes that were
 * acknowledged survive the end of the process, not that of the machine's power.
 */
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { UnavailableError } from "../errors.ts";
import { answers, findSocket, placeSocket } from "./embedded-socket.ts";

export interface EmbeddedDatabase {
  /** For `createTable` and `createTableIfMissing`, in any thread or process of the same user. */
  readonly socketPath: string;
  /** Ends the database where this process runs it. */
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The data folder, made if it is missing, for its owner alone. Without one the data is in memory, and gone in the end. */
  readonly dir?: string;
  /** Told in one sentence when the thread died and is started again. */
  readonly onRestart?: (reason: string) => void;
}

/**
 * Starts the database of a folder, or finds that another process runs it already and shares it. Throws UnavailableError where another
 * process has the folder and does not answer.
 */
export async function startEmbeddedDatabase({ dir, onRestart }: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  if (dir === undefined) return await startInMemory(onRestart);
  const folder = path.resolve(dir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const running = await findSocket(folder);
  if (await answers(running)) return { socketPath: running, close: async () => {} };
  const socketPath = await placeSocket(folder);
  const start = { socketPath, dataPath: path.join(folder, "db") };
  try {
    return await supervise(start, onRestart);
  } catch (error) {
    return await shareOrRefuse(folder, socketPath, error);
  }
}

async function startInMemory(onRestart: EmbeddedOptions["onRestart"]): Promise<EmbeddedDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), "cortado-"));
  const database = await supervise({ socketPath: path.join(folder, "db.sock") }, onRestart);
  return {
    socketPath: database.socketPath,
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Two processes that start in the same moment: one has the lock first, and listens a little later. */
const PATIENCE_MS = 2000;

async function shareOrRefuse(folder: string, socketPath: string, error: unknown): Promise<EmbeddedDatabase> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 100) {
    if (await answers(socketPath)) return { socketPath, close: async () => {} };
    await wait(100);
  }
  const reason = error instanceof Error ? error.message : String(error);
  throw new UnavailableError(
    `The database in ${folder} cannot be opened (${reason}). Most likely another process has it and does not answer: end that process, or choose another data folder.`,
  );
}

interface Start {
  readonly socketPath: string;
  readonly dataPath?: string;
}

/** Keeps a thread running until `close`. */
/** Megabytes. Without a limit V8 lets garbage grow with the machine. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

async function supervise(start: Start, onRestart: EmbeddedOptions["onRestart"]): Promise<EmbeddedDatabase> {
  let thread = await startThread(start);
  let closing = false;
  const keepRunning = async (): Promise<void> => {
    for (let reason = await thread.ended; !closing; reason = await thread.ended) {
      onRestart?.(`The thread of the embedded database ended (${reason}) and is started again.`);
      thread = await restart(start, () => closing);
    }
  };
  const running = keepRunning();
  return {
    socketPath: start.socketPath,
    async close() {
      closing = true;
      thread.close();
      await running;
    },
  };
}

const RESTART_PAUSE_MS = 1000;

async function restart(start: Start, closing: () => boolean): Promise<Thread> {
  while (true) {
    try {
      return await startThread(start);
    } catch (error) {
      if (closing()) return { ended: Promise.resolve("closed"), close: () => {} };
      await wait(RESTART_PAUSE_MS, error, { ref: false });
    }
  }
}

interface Thread {
  /** Resolves with the reason when it has ended. */
  readonly ended: Promise<string>;
  close(): void;
}

type Message = { readonly listening: true } | { readonly failed: string };

/** Resolves when the database answers. */
async function startThread(workerData: Start): Promise<Thread> {
  // Compiled, the file beside this one is called .js.
  // Without our own flags: some of them, as `--input-type`, are refused in a thread.
  const options = { workerData, execArgv: [], name: "embedded database", resourceLimits };
  const worker = new Worker(new URL("./embedded-thread.ts", import.meta.url), options);
  let reason = "it gave no reason";
  worker.on("error", (error: Error) => {
    reason = error.message;
  });
  const ended = new Promise<string>((resolve) => worker.once("exit", () => resolve(reason)));
  const listening = new Promise<"listening">((resolve) => {
    worker.on("message", (message: Message) => {
      if ("listening" in message) resolve("listening");
      else reason = message.failed;
    });
  });
  const first = await Promise.race([listening, ended]);
  if (first !== "listening") throw new Error(first);
  // It serves this process, and is no reason for it to stay.
  worker.unref();
  return {
    ended,
    close() {
      worker.ref();
      worker.postMessage("close");
    },
  };
}
