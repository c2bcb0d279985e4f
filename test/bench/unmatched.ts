/** Webhooks that concern no playbook: how many a second, beside a handler that only parses them. */
import { post } from "./load.ts";
import { readPayload } from "./payload.ts";
import { median } from "./statistics.ts";
import { startTarget, type Target } from "./target.ts";

const alertsPerRequest = 10;
const requestsPerRound = 2_000;
const rounds = 12;
const connections = 16;

export interface Unmatched {
  readonly bytesPerRequest: number;
  readonly playbooks: number;
  readonly bare: Speed;
  readonly cortado: Speed;
  /** Of requests per second: the median of the rounds, and the worst and the best of them. */
  readonly ratio: number;
  readonly ratios: { readonly lowest: number; readonly highest: number };
  /** Of processor time, which other programs on the machine disturb less. */
  readonly cpuRatio: number;
}

interface Speed {
  readonly requestsPerSecond: number;
  readonly cpuMicrosecondsPerRequest: number;
}

/** The two take turns, so that whatever else the machine does is shared fairly. */
export async function measureUnmatched(
  environment: Readonly<Record<string, string>>,
  playbooks: number,
): Promise<Unmatched> {
  const body = Buffer.from((await readPayload(alertsPerRequest))(0));
  const bare = await startTarget<Used>("./bare.ts");
  const cortado = await startTarget<Used>("./cortado.ts", environment);
  try {
    // Until the runtime has compiled both.
    for (let warmUp = 0; warmUp < 3; warmUp += 1) {
      await round(bare, body);
      await round(cortado, body);
    }
    const pairs: { readonly bare: Speed; readonly cortado: Speed }[] = [];
    for (let pair = 0; pair < rounds; pair += 2) {
      pairs.push({ bare: await round(bare, body), cortado: await round(cortado, body) });
      const cortadoFirst = await round(cortado, body);
      pairs.push({ cortado: cortadoFirst, bare: await round(bare, body) });
    }
    const ratios = pairs.map((pair) => pair.cortado.requestsPerSecond / pair.bare.requestsPerSecond);
    return {
      bytesPerRequest: body.length,
      playbooks,
      bare: medianOf(pairs.map((pair) => pair.bare)),
      cortado: medianOf(pairs.map((pair) => pair.cortado)),
      ratio: median(ratios),
      ratios: { lowest: Math.min(...ratios), highest: Math.max(...ratios) },
      cpuRatio: median(
        pairs.map((pair) => pair.bare.cpuMicrosecondsPerRequest / pair.cortado.cpuMicrosecondsPerRequest),
      ),
    };
  } finally {
    await Promise.all([bare.close(), cortado.close()]);
  }
}

interface Used {
  readonly cpuMicroseconds: number;
}

async function round(target: Target<Used>, body: Uint8Array): Promise<Speed> {
  const before = (await target.report()).cpuMicroseconds;
  const url = `${target.url}/webhooks/alertmanager`;
  const milliseconds = await post({ url, requests: requestsPerRound, connections, body: () => body });
  const used = (await target.report()).cpuMicroseconds - before;
  return {
    requestsPerSecond: requestsPerRound / (milliseconds / 1_000),
    cpuMicrosecondsPerRequest: used / requestsPerRound,
  };
}

const medianOf = (speeds: readonly Speed[]): Speed => ({
  requestsPerSecond: median(speeds.map((speed) => speed.requestsPerSecond)),
  cpuMicrosecondsPerRequest: median(speeds.map((speed) => speed.cpuMicrosecondsPerRequest)),
});
