/** Reloads, one after the other: how long one takes, and whether memory stays where it is. */
import type { ReloadReport } from "./reloading.ts";
import { median, quantile } from "./statistics.ts";
import { startTarget } from "./target.ts";

export interface Reload {
  readonly reloads: number;
  readonly bundleBytes: number;
  readonly milliseconds: { readonly p50: number; readonly p99: number };
  /** Medians of as many reloads: of those after the warm-up, and of the last. */
  readonly residentMegabytes: { readonly warm: number; readonly last: number };
  readonly ratio: number;
}

/** Until what is kept on purpose is there: what Node has compiled, the buffers of the database. */
const warmUp = 20;
const sample = 20;

export async function measureReload(environment: Readonly<Record<string, string>>, reloads: number): Promise<Reload> {
  if (reloads < warmUp + 2 * sample) throw new Error(`${warmUp + 2 * sample} reloads are the least that say something`);
  // It tells its address when it has done them.
  const target = await startTarget<ReloadReport>("./reloading.ts", { ...environment, BENCH_RELOADS: `${reloads}` });
  try {
    const { bundleBytes, milliseconds, resident } = await target.report();
    const warm = median(resident.slice(warmUp, warmUp + sample));
    const last = median(resident.slice(-sample));
    return {
      reloads,
      bundleBytes,
      milliseconds: { p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99) },
      residentMegabytes: { warm, last },
      ratio: last / warm,
    };
  } finally {
    await target.close();
  }
}
