/** Posts to a server on loopback, over connections that stay open. */
import { Agent, request } from "node:http";

export interface Load {
  readonly url: string;
  /** How many requests, and how many of them at once. */
  readonly requests: number;
  readonly connections: number;
  readonly body: (number: number) => string | Uint8Array;
}

/** Milliseconds that it took in all. Throws where an answer is not 200. */
export async function post({ url, requests, connections, body }: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  const sender = async () => {
    while (sent < requests) {
      sent += 1;
      await postOne(url, agent, body(sent));
    }
  };
  const start = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, sender));
  } finally {
    agent.destroy();
  }
  return performance.now() - start;
}

function postOne(url: string, agent: Agent, body: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sending = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    sending.on("error", reject);
    sending.end(body);
  });
}
