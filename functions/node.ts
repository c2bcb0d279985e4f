/** A server for a pod: everything it needs to know is in the environment. */
import { runServer } from "../src/run-server.ts";
import { settingsFrom } from "../src/settings.ts";

await runServer({ settings: settingsFrom(process.env), workerEntry: new URL("./node-worker.ts", import.meta.url) });
