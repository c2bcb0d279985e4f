/** The whole server, as `cortado serve` starts it, with what the benchmark wants to know counted from its trace. */
import { createLogger } from "../../src/log.ts";
import { startServer } from "../../src/server/server.ts";
import { prepareTable } from "../../src/services/table.ts";
import { settingsFrom, type TableSettings } from "../../src/settings.ts";
import { createScrubber } from "../../src/tools/scrub.ts";
import type { TraceEvent } from "../../src/trace.ts";
import { countDatabaseRequests, type DatabaseCounter } from "./count-database.ts";
import { cpuMicroseconds, serveParent } from "./target.ts";

export interface CortadoReport {
  /** Deliveries worked to an end. */
  readonly ended: number;
  /** Milliseconds of work, and from the queue to the end, of each delivery. */
  readonly work: readonly number[];
  readonly queuedToEnded: readonly number[];
  readonly calls: number;
  /** By operation; only where they are counted, which costs time. */
  readonly databaseRequests: Readonly<Record<string, number>>;
  readonly residentMegabytes: number;
  /** Of all its threads since it was started. */
  readonly cpuMicroseconds: number;
}

let report = { ended: 0, calls: 0, work: [] as number[], queuedToEnded: [] as number[] };
const queuedAt = new Map<string, number>();

function onTrace(event: TraceEvent): void {
  const { key } = event.delivery;
  if (event.type === "call") report.calls += 1;
  if (event.type === "queued") queuedAt.set(key, performance.now());
  if (event.type !== "ended") return;
  report.ended += 1;
  report.work.push(event.milliseconds);
  report.queuedToEnded.push(performance.now() - (queuedAt.get(key) ?? Number.NaN));
  queuedAt.delete(key);
}

const settings = settingsFrom(process.env);
const database = await prepareTable(settings);
let table: TableSettings = database.settings.table;
let counter: DatabaseCounter | undefined;
if (process.env.BENCH_COUNT_DATABASE !== undefined && table.kind === "socket") {
  counter = await countDatabaseRequests(table.socketPath);
  table = { kind: "socket", socketPath: counter.socketPath };
}
const server = await startServer({
  settings: { ...settings, table },
  workerEntry: new URL("../../functions/node-worker.ts", import.meta.url),
  port: 0,
  adminPort: 0,
  log: createLogger({ level: "error", scrubber: createScrubber() }),
  onTrace,
});

serveParent(
  server.url,
  (): CortadoReport => {
    const residentMegabytes = process.memoryUsage.rss() / 1024 / 1024;
    const told = {
      ...report,
      databaseRequests: counter?.take() ?? {},
      residentMegabytes,
      cpuMicroseconds: cpuMicroseconds(),
    };
    report = { ended: 0, calls: 0, work: [], queuedToEnded: [] };
    return told;
  },
  async () => {
    await server.close();
    await counter?.close();
    await database.close();
  },
);
