/** Stands between a server and its database, and stops it at a request of the test's choice. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface TableRequest {
  /** `UpdateItem` */
  readonly operation: string;
  /** What is asked, as JSON. */
  readonly text: string;
}

/** At which request, and whether the database still does what it asks. Its answer is never given. */
export interface StopAt {
  readonly request: (request: TableRequest) => boolean;
  readonly when: "before" | "after";
  readonly stop: () => void;
}

export interface TableProxy {
  readonly endpoint: string;
  /** Only the first request that fits is stopped. */
  stopAt(stop: StopAt): void;
  close(): Promise<void>;
}

export async function startTableProxy(socketPath: string): Promise<TableProxy> {
  let stop: StopAt | undefined;
  const agent = new http.Agent({ keepAlive: true });

  const forward = async (incoming: http.IncomingMessage, body: Buffer) => {
    const { method, url: path, headers } = incoming;
    const outgoing = http.request({ socketPath, method, path, headers, agent });
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [http.IncomingMessage];
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
  };

  const serve = async (incoming: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await buffer(incoming);
    const operation = String(incoming.headers["x-amz-target"]).replace(/^.*\./, "");
    const met = stop?.request({ operation, text: body.toString("utf8") }) ? stop : undefined;
    if (met !== undefined) stop = undefined;
    const answer = met?.when === "before" ? undefined : await forward(incoming, body);
    if (met !== undefined) return met.stop();
    if (answer === undefined) return;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  };
  // A client that is killed leaves requests half sent.
  const server = http.createServer(
    (incoming, response) => void serve(incoming, response).catch(() => response.destroy()),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stopAt: (next) => {
      stop = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, "close");
    },
  };
}
