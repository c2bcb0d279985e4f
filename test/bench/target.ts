/** A server under test, in a process of its own so that the load costs it nothing. Tells the parent its URL, and answers its questions. */
import { fork } from "node:child_process";
import { once } from "node:events";

export interface Target<Report> {
  readonly url: string;
  /** What it has counted since the last time. */
  report(): Promise<Report>;
  close(): Promise<void>;
}

/** Starts a module of this folder that calls `serveParent`. */
export async function startTarget<Report>(
  module: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Target<Report>> {
  const child = fork(new URL(module, import.meta.url), { env: { ...process.env, ...environment } });
  const next = async () => {
    const either = new AbortController();
    const { signal } = either;
    try {
      const [message] = await Promise.race([
        once(child, "message", { signal }),
        once(child, "exit", { signal }).then(([code]) => Promise.reject(new Error(`${module} ended with ${code}`))),
      ]);
      return message;
    } finally {
      either.abort();
    }
  };
  const { url } = await next();
  return {
    url,
    async report() {
      const answer = next();
      child.send("report");
      return await answer;
    },
    async close() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

/** The child's side. */
export function serveParent(url: string, report: () => unknown, close: () => Promise<void>): void {
  process.on("message", () => process.send?.(report()));
  process.on("disconnect", () => void close().then(() => process.exit(0)));
  process.send?.({ url });
}

/** Of this process and all its threads, so far. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
