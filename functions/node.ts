/** A server for a pod: everything it needs to know is in the environment. */
import { runServer } from "../src/server/run-server.ts";
import { addressFrom, settingsFrom } from "../src/settings.ts";

await runServer({
  ...addressFrom(process.env),
  settings: settingsFrom(process.env),
  workerEntry: new URL("./node-worker.ts", import.meta.url),
});
