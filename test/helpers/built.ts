/** What `build-once.ts` has built: a package as it is installed. */
import { fileURLToPath } from "node:url";

export const built = new URL("../../node_modules/.cache/cortado-tests/", import.meta.url);

/** The module that a server's worker threads run. */
export const workerEntry = new URL("dist/functions/node-worker.js", built);

/** The `cortado` command. */
export const command = fileURLToPath(new URL("dist/cli/cortado.js", built));
