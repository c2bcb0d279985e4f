/** Webhooks whose alerts each run a playbook to a finding: how long that takes, and what it asks of others. */
import { setTimeout as wait } from "node:timers/promises";
import type { CortadoReport } from "./cortado.ts";
import { post } from "./load.ts";
import { readPayload } from "./payload.ts";
import { quantile } from "./statistics.ts";
import { startTarget, type Target } from "./target.ts";

const alertsPerRequest = 10;
const requests = 60;
const warmUpRequests = 20;
const countedRequests = 5;

export interface Matched {
  readonly alerts: number;
  readonly alertsPerSecond: number;
  readonly requestsPerSecond: number;
  /** Milliseconds, from the moment that a worker begins until the finding is at its sinks and the record is written. */
  readonly work: Latency;
  /** The same from the moment that the delivery is queued, in the burst that is measured. */
  readonly queuedToEnded: Latency;
  readonly clusterCallsPerAlert: number;
  readonly databaseRequestsPerAlert: number;
  readonly databaseRequestsByOperation: Readonly<Record<string, number>>;
  readonly residentMegabytes: { readonly before: number; readonly after: number };
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const latency = (values: readonly number[]): Latency => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) });

export async function measureMatched(environment: Readonly<Record<string, string>>): Promise<Matched> {
  const timed = await withTarget(environment, async (cortado) => {
    await deliver(cortado, warmUpRequests, 0);
    const before = (await cortado.report()).residentMegabytes;
    return { before, ...(await deliver(cortado, requests, warmUpRequests)) };
  });
  // Counting stands between the server and its database, so it has a server of its own.
  const counted = await withTarget({ ...environment, BENCH_COUNT_DATABASE: "1" }, async (cortado) => {
    await cortado.report();
    return await deliver(cortado, countedRequests, warmUpRequests + requests);
  });
  const databaseRequests = Object.entries(counted.databaseRequests);
  const perAlert = (count: number) => count / (countedRequests * alertsPerRequest);
  return {
    alerts: timed.ended,
    alertsPerSecond: timed.ended / (timed.milliseconds / 1_000),
    requestsPerSecond: requests / (timed.milliseconds / 1_000),
    work: latency(timed.work),
    queuedToEnded: latency(timed.queuedToEnded),
    clusterCallsPerAlert: perAlert(counted.calls),
    databaseRequestsPerAlert: perAlert(databaseRequests.reduce((sum, [, count]) => sum + count, 0)),
    databaseRequestsByOperation: Object.fromEntries(databaseRequests.map(([name, count]) => [name, perAlert(count)])),
    residentMegabytes: { before: timed.before, after: timed.residentMegabytes },
  };
}

async function withTarget<T>(
  environment: Readonly<Record<string, string>>,
  use: (target: Target<CortadoReport>) => Promise<T>,
): Promise<T> {
  const target = await startTarget<CortadoReport>("./cortado.ts", environment);
  try {
    return await use(target);
  } finally {
    await target.close();
  }
}

const patienceMilliseconds = 60_000;

/** Posts webhooks of alerts never seen before, and waits until every one has been worked. */
async function deliver(
  target: Target<CortadoReport>,
  count: number,
  first: number,
): Promise<CortadoReport & { milliseconds: number }> {
  const payload = await readPayload(alertsPerRequest);
  const url = `${target.url}/webhooks/alertmanager`;
  const start = performance.now();
  await post({ url, requests: count, connections: 4, body: (number) => payload(first + number) });
  let sum = await target.report();
  while (sum.ended < count * alertsPerRequest) {
    if (performance.now() - start > patienceMilliseconds) throw new Error(`only ${sum.ended} alerts were worked`);
    await wait(50);
    sum = add(sum, await target.report());
  }
  return { ...sum, milliseconds: performance.now() - start };
}

function add(a: CortadoReport, b: CortadoReport): CortadoReport {
  const operations = new Set([...Object.keys(a.databaseRequests), ...Object.keys(b.databaseRequests)]);
  return {
    ended: a.ended + b.ended,
    calls: a.calls + b.calls,
    work: [...a.work, ...b.work],
    queuedToEnded: [...a.queuedToEnded, ...b.queuedToEnded],
    databaseRequests: Object.fromEntries(
      [...operations].map((name) => [name, (a.databaseRequests[name] ?? 0) + (b.databaseRequests[name] ?? 0)]),
    ),
    residentMegabytes: b.residentMegabytes,
    cpuMicroseconds: b.cpuMicroseconds,
  };
}
