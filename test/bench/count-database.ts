/** Stands before the embedded database and counts what it is asked, by operation. */
import { once } from "node:events";
import { createServer, request } from "node:http";

export interface DatabaseCounter {
  readonly socketPath: string;
  /** The requests since the last time. */
  take(): Record<string, number>;
  close(): Promise<void>;
}

export async function countDatabaseRequests(upstream: string): Promise<DatabaseCounter> {
  let counts: Record<string, number> = {};
  const socketPath = `${upstream}.counted`;
  const server = createServer((incoming, answer) => {
    const operation = String(incoming.headers["x-amz-target"]).replace(/.*\./, "");
    counts[operation] = (counts[operation] ?? 0) + 1;
    const { method = "POST", headers, url = "/" } = incoming;
    const outgoing = request({ socketPath: upstream, method, headers, path: url }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  server.listen(socketPath);
  await once(server, "listening");
  return {
    socketPath,
    take() {
      const taken = counts;
      counts = {};
      return taken;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
