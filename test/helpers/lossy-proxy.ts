import { once } from "node:events";
import net from "node:net";

/** Where a database listens. */
export type Upstream = { readonly path: string } | { readonly host: string; readonly port: number };

export interface LossyProxy {
  readonly endpoint: string;
  /** The next answer that arrives is thrown away, and its connection broken: the database has done what was asked. */
  loseNextAnswer(): void;
  /** From now on, or no more, connections are refused at once. */
  refuse(refused: boolean): void;
  /** How many answers have been lost. */
  lost(): number;
  close(): Promise<void>;
}

/** Stands between a client and a database. */
export async function startLossyProxy(upstream: Upstream): Promise<LossyProxy> {
  const sockets = new Set<net.Socket>();
  let losing = false;
  let refused = false;
  let lost = 0;
  const server = net.createServer((client) => {
    if (refused) {
      client.resetAndDestroy();
      return;
    }
    const database = net.connect(upstream);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => {});
    }
    client.on("close", () => database.end());
    database.on("close", () => client.destroy());
    client.on("data", (data) => database.write(data));
    database.on("data", (data) => {
      if (!losing) return client.write(data);
      losing = false;
      lost += 1;
      return client.resetAndDestroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    loseNextAnswer: () => {
      losing = true;
    },
    refuse: (now) => {
      refused = now;
      if (now) for (const socket of sockets) socket.destroy();
    },
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
