/** A worker thread of the server: playbook code runs here and nowhere else. */
import { parentPort, workerData } from "node:worker_threads";
import { openThreadWork, serveWorkerThread } from "../src/services/services.ts";

if (parentPort) await serveWorkerThread(parentPort, (hooks) => openThreadWork(workerData, hooks));
