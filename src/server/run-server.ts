/** Runs a server until it is told to stop. */
import path from "node:path";
import { createLogger } from "../log.ts";
import { createScrubber } from "../tools/scrub.ts";
import { type RunningServer, type ServerOptions, startServer } from "./server.ts";

export const defaultPort = 7070;
export const defaultAdminPort = 7071;

type Options = Pick<ServerOptions, "settings" | "workerEntry"> & Partial<Omit<ServerOptions, "log">>;

/** Starts a server that SIGTERM and SIGINT drain. A second signal ends it at once. */
export async function runServer(options: Options): Promise<RunningServer> {
  // Node reads it as a thread starts: what one thread has compiled, those after it need not.
  process.env.NODE_COMPILE_CACHE ??= path.resolve(options.settings.dataDirectory, "compiled");
  const log = createLogger({ level: options.settings.logLevel, scrubber: createScrubber() });
  const server = await startServer({ port: defaultPort, adminPort: defaultAdminPort, ...options, log });
  log.info("listening", { url: server.url, admin: server.adminUrl });
  const stop = (signal: NodeJS.Signals) => {
    log.info("draining", { signal });
    process.once(signal, () => process.exit(1));
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  return server;
}
