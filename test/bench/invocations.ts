/** Actions run by hand over HTTP, each answered with what it found: how many a second, and how long one takes. */
import type { CortadoReport } from "./cortado.ts";
import { post } from "./load.ts";
import { startTarget } from "./target.ts";

const requests = 1_000;
const alone = 200;
const warmUp = 100;
const connections = 16;

export interface Invocations {
  readonly invocations: number;
  readonly connections: number;
  readonly perSecond: number;
  /** Milliseconds, one after the other. */
  readonly alone: number;
  readonly cpuMicroseconds: number;
}

const wish = JSON.stringify({
  params: { previous: true },
  target: { kind: "pod", namespace: "shop", name: "api-6d4cf56db6-abcde" },
  sinks: [],
});

export async function measureInvocations(environment: Readonly<Record<string, string>>): Promise<Invocations> {
  const target = await startTarget<CortadoReport>("./cortado.ts", environment);
  try {
    const url = `${target.url}/api/actions/logs_enricher`;
    const run = (count: number, at: number) => post({ url, requests: count, connections: at, body: () => wish });
    const first = await fetch(url, { method: "POST", body: wish });
    const { state, findings } = JSON.parse(await first.text());
    if (state !== "done" || !findings?.length) throw new Error(`the action came to nothing: ${state}`);
    await run(warmUp, connections);
    const before = (await target.report()).cpuMicroseconds;
    const milliseconds = await run(requests, connections);
    const after = (await target.report()).cpuMicroseconds;
    return {
      invocations: requests,
      connections,
      perSecond: requests / (milliseconds / 1_000),
      alone: (await run(alone, 1)) / alone,
      cpuMicroseconds: (after - before) / requests,
    };
  } finally {
    await target.close();
  }
}
